import { nearestNames } from '@highroad/plugin-platform-common';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { EnvironmentManifest, environmentManifestSchema } from './manifest';

/** What can be meant by a field that is not known. */
const KNOWN_FIELDS = [
  ...['apiVersion', 'kind', 'metadata', 'spec', 'name', 'namespace', 'labels'],
  ...['annotations', 'type', 'ttl', 'keep', 'owner', 'cluster', 'repository'],
  ...['revision', 'pullRequest', 'services', 'databases', 'image', 'port'],
  ...['ports', 'public', 'health', 'replicas', 'resources', 'env', 'command'],
  ...['args', 'driver', 'seed', 'value', 'secret', 'service', 'key', 'host'],
  ...['number', 'branch', 'commit', 'fork', 'url', 'requests', 'limits'],
  ...['cpu', 'memory', 'from', 'overlay'],
];

const rangeSchema = z.object({
  range: z.tuple([z.number(), z.number(), z.number()]),
});

/** Something in a manifest that is to be changed. */
export const manifestProblemSchema = z.object({
  /** Such as `spec.services[0].image`; empty for the whole */
  field: z.string(),
  /** Counted from 1 */
  line: z.number().int().positive().optional(),
  /** What is wrong and what to write instead */
  message: z.string(),
});
export type ManifestProblem = z.infer<typeof manifestProblemSchema>;

export type ParsedManifest =
  | { ok: true; manifest: EnvironmentManifest }
  | { ok: false; problems: ManifestProblem[] };

/** A manifest that is larger than this is none. */
export const MOST_MANIFEST_BYTES = 100_000;

/**
 * Reads a manifest, of YAML or JSON.
 *
 * @returns the manifest with its defaults, or all that is wrong with it, by field and line
 */
export function parseManifest(source: string): ParsedManifest {
  const fail = (message: string, line?: number): ParsedManifest => ({
    ok: false,
    problems: [{ field: '', message, ...(line && { line }) }],
  });
  if (source.length > MOST_MANIFEST_BYTES) {
    return fail(`A manifest has at most ${MOST_MANIFEST_BYTES} characters.`);
  }
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    // Kubernetes reads no aliases that grow without bound either.
    merge: false,
  });
  const [error] = document.errors;
  if (error) {
    const message = /source contains multiple documents/i.test(error.message)
      ? 'Give one environment at a time: there are several documents.'
      : `It is not YAML: ${error.message}`;
    return fail(message, lines.linePos(error.pos[0]).line);
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 20 });
  } catch {
    return fail('It has too many aliases; write the values out.');
  }
  if (content === null || content === undefined) {
    return fail('It is empty. Write an Environment.');
  }
  const parsed = environmentManifestSchema.safeParse(content);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  return {
    ok: false,
    problems: problemsOf(parsed.error).map(({ path, message }) => {
      const line = lineOf(document, lines, path);
      return { field: fieldOf(path), message, ...(line && { line }) };
    }),
  };
}

type Path = Array<string | number>;

/** @returns each problem once, in words that name the fix */
export function problemsOf(
  error: z.ZodError,
): Array<{ path: Path; message: string }> {
  return error.issues.flatMap(issue => {
    if (issue.code === 'invalid_union') {
      return problemsOf(issue.unionErrors[issue.unionErrors.length - 1]);
    }
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: issue.path, message: wordsOf(issue) }];
    }
    return issue.keys.map(key => {
      const [near] = nearestNames(key, KNOWN_FIELDS, 1);
      return {
        path: [...issue.path, key],
        message: `there is no such field${
          near && near !== key ? `; did you mean "${near}"?` : ''
        }`,
      };
    });
  });
}

function wordsOf(issue: z.ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.received === 'undefined'
    ? 'it is missing'
    : `it is ${issue.received}, but has to be ${issue.expected}`;
}

/** Such as `spec.services[0].image`. */
export function fieldOf(path: Path): string {
  return path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

/** The line of the field, or of the nearest one around it that is there. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: Path,
): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    const range = rangeSchema.safeParse(node);
    if (range.success) return lines.linePos(range.data.range[0]).line;
  }
  return undefined;
}
