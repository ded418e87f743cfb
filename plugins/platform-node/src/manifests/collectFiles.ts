import { InputError } from '@backstage/errors';
import { posix } from 'node:path';
import { CommitTree } from './CommitTree';
import {
  Kustomization,
  kustomizationSchema,
  looksRemote,
  REFUSED_FIELDS,
  referencesOf,
  writeKustomization,
} from './kustomization';
import { parseOneDocument, refuseBombs } from './yamlLimits';

const KUSTOMIZATION_FILES = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];
const MOST_FILES = 500;
const MOST_BYTES = 4 * 1024 * 1024;
const MOST_KUSTOMIZATION_BYTES = 64 * 1024;
/** Kustomizations met on all ways through them: bases of bases multiply. */
const MOST_VISITS = 100;
const MOST_DEPTH = 20;

/** A file as it is to be written for kustomize. */
export interface ManifestFile {
  /** Relative to the root of the repository */
  path: string;
  content: Buffer;
}

/** @returns path of the kustomization file in a folder, if there is one */
export async function kustomizationIn(
  tree: CommitTree,
  folder: string,
): Promise<{ path: string; id: string } | undefined> {
  for (const name of KUSTOMIZATION_FILES) {
    const path = posix.join(folder, name);
    const found = await tree.find(path);
    if (found.kind === 'file') return { path, id: found.id };
  }
  return undefined;
}

/**
 * The files that kustomize will read for an overlay, found by reading every kustomization that can be reached from it,
 * before kustomize is started. Everything it could load from elsewhere, or run, is refused.
 *
 * @throws InputError that lists all problems
 */
export async function collectFiles(
  tree: CommitTree,
  overlay: string,
): Promise<ManifestFile[]> {
  const files = new Map<string, Buffer>();
  const known = new Map<string, Kustomization | undefined>();
  const problems = new Set<string>();
  let bytes = 0;
  let visits = 0;

  const add = async (wanted: Array<{ path: string; id: string }>) => {
    const fresh = wanted.filter(({ path }) => !files.has(path));
    const contents = await tree.read(fresh);
    fresh.forEach(({ path }, at) => {
      files.set(path, contents[at]);
      bytes += contents[at].length;
      const bomb = refuseBombs(path, contents[at]);
      if (bomb) problems.add(bomb);
    });
    if (files.size > MOST_FILES || bytes > MOST_BYTES) {
      throw new InputError(
        `${overlay} reads more than ${MOST_FILES} files or ${MOST_BYTES} bytes. Keep only manifests there.`,
      );
    }
  };

  const visit = async (folder: string, depth: number): Promise<void> => {
    visits += 1;
    if (visits > MOST_VISITS || depth > MOST_DEPTH) {
      throw new InputError(
        `${overlay} leads through more than ${MOST_VISITS} kustomizations, or ${MOST_DEPTH} deep. Check that none includes itself.`,
      );
    }
    const file = await kustomizationIn(tree, folder);
    if (!file) {
      problems.add(`${folder}: there is no kustomization.yaml in it`);
      return;
    }
    if (!known.has(file.path)) {
      await add([file]);
      const read = readKustomization(
        file.path,
        files.get(file.path) ?? Buffer.alloc(0),
        problems,
      );
      known.set(file.path, read);
      if (read) files.set(file.path, writeKustomization(read));
    }
    const kustomization = known.get(file.path);
    if (!kustomization) return;
    const { resources, components, files: named } = referencesOf(kustomization);
    const wanted: Array<{ path: string; id: string }> = [];
    const folders: string[] = [];
    for (const [paths, mayBe] of [
      [resources, 'either'],
      [components, 'folder'],
      [named, 'file'],
    ] as const) {
      for (const written of paths) {
        const refuse = (why: string) =>
          problems.add(`${file.path}: "${written.slice(0, 200)}": ${why}`);
        if (looksRemote(written)) {
          refuse(
            'it is read from another place; only files of the repository at this commit are rendered. Copy it into the repository',
          );
          continue;
        }
        const path = posix
          .normalize(posix.join(folder, written))
          .replace(/(.)\/$/, '$1');
        const found = written.startsWith('/')
          ? { kind: 'nothing' as const, why: 'it leads out of the repository' }
          : await tree.find(path);
        if (found.kind === 'nothing') refuse(found.why);
        else if (found.kind === 'folder' && mayBe !== 'file')
          folders.push(path);
        else if (found.kind === 'file' && mayBe !== 'folder')
          wanted.push({ path, id: found.id });
        else refuse(`it has to be a ${mayBe}`);
      }
    }
    await add(wanted);
    for (const next of folders) await visit(next, depth + 1);
  };

  await visit(overlay, 0);
  if (problems.size > 0) {
    throw new InputError(
      `The manifests of ${overlay} are not rendered:\n${[...problems]
        .map(problem => `- ${problem}`)
        .join('\n')}`,
    );
  }
  return [...files].map(([path, content]) => ({ path, content }));
}

function readKustomization(
  path: string,
  content: Buffer,
  problems: Set<string>,
): Kustomization | undefined {
  if (content.length > MOST_KUSTOMIZATION_BYTES) {
    problems.add(
      `${path}: it is larger than ${MOST_KUSTOMIZATION_BYTES} bytes`,
    );
    return undefined;
  }
  const read = parseOneDocument(content.toString('utf8'));
  if ('problem' in read) {
    problems.add(`${path}: ${read.problem}`);
    return undefined;
  }
  const parsed = kustomizationSchema.safeParse(read.value ?? {});
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        problems.add(
          `${path}: ${[...issue.path, key].join('.')}: ${
            REFUSED_FIELDS[key] ?? 'the platform does not know this field'
          }`,
        );
      }
    } else problems.add(`${path}: ${issue.path.join('.')}: ${issue.message}`);
  }
  return undefined;
}
