import { z } from 'zod';

const names = z.array(z.string()).nullish();
const path = z.string().nullish();
// Strict, also inside: kustomize reads field names in any case, so that `Path` would be another way to write `path`.
const generator = z
  .array(
    z
      .object({
        name: z.string(),
        namespace: path,
        behavior: path,
        files: names,
        envs: names,
        env: path,
        literals: names,
        options: z.unknown(),
      })
      .strict(),
  )
  .nullish();
const patches = z
  .array(
    z
      .object({
        path,
        patch: path,
        target: z.unknown(),
        options: z.unknown(),
      })
      .strict(),
  )
  .nullish();
const replacements = z
  .array(z.object({ path, source: z.unknown(), targets: z.unknown() }).strict())
  .nullish();
const anything = z.unknown();

/**
 * The fields of a kustomization that name no file, or a file that is read here too. A field that is not known could
 * name one that kustomize loads from anywhere, so it is refused.
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export const kustomizationSchema = z
  .object({
    apiVersion: z.string().nullish(),
    kind: z.enum(['Kustomization', 'Component']).nullish(),
    metadata: anything,
    resources: names,
    bases: names,
    components: names,
    crds: names,
    configurations: names,
    openapi: z.object({ path }).strict().nullish(),
    patches,
    patchesJson6902: patches,
    replacements,
    patchesStrategicMerge: names,
    configMapGenerator: generator,
    namespace: anything,
    namePrefix: anything,
    nameSuffix: anything,
    commonLabels: anything,
    commonAnnotations: anything,
    labels: anything,
    images: anything,
    replicas: anything,
    generatorOptions: anything,
    vars: anything,
    sortOptions: anything,
  })
  .strict();
export type Kustomization = z.output<typeof kustomizationSchema>;

/** Why a field is refused, and what to write instead. */
export const REFUSED_FIELDS: Record<string, string> = {
  secretGenerator:
    'values of secrets do not belong into a repository; keep them in the secret store of the platform',
  helmCharts:
    'charts are not rendered, since they are downloaded and run templates; commit what the chart renders',
  helmChartInflationGenerator:
    'charts are not rendered, since they are downloaded and run templates; commit what the chart renders',
  helmGlobals: 'charts are not rendered; commit what the chart renders',
  generators: 'generators may run programs; commit what they generate',
  transformers: 'transformers may run programs; use patches, labels or images',
  validators: 'validators may run programs; the platform has its own checks',
};

/** Where a kustomization leads. Paths are as they are written there. */
export interface References {
  /** Files, or folders with a kustomization of their own */
  resources: string[];
  /** Folders with a kustomization of kind Component */
  components: string[];
  files: string[];
}

export function referencesOf(kustomization: Kustomization): References {
  const { resources, bases, components, configMapGenerator } = kustomization;
  const list = (some: string[] | null | undefined) => some ?? [];
  const paths = [
    kustomization.openapi,
    ...(kustomization.patches ?? []),
    ...(kustomization.patchesJson6902 ?? []),
    ...(kustomization.replacements ?? []),
  ];
  return {
    resources: [...list(resources), ...list(bases)],
    components: list(components),
    files: [
      ...list(kustomization.crds),
      ...list(kustomization.configurations),
      ...paths.flatMap(one => (one?.path ? [one.path] : [])),
      // A patch is written in its place or in a file; only the first takes more than one line.
      ...list(kustomization.patchesStrategicMerge).filter(
        text => !text.includes('\n'),
      ),
      ...(configMapGenerator ?? []).flatMap(({ files, envs, env }) => [
        ...list(files).map(text => text.slice(text.indexOf('=') + 1)),
        ...list(envs),
        ...(env ? [env] : []),
      ]),
    ],
  };
}

/**
 * Whether kustomize could take a path for an address: it looks for schemes, `git::`, `git@host:`, `gh:`, `?ref=` and
 * names that begin with github.com, even where there is a folder of that name. So the characters that addresses need
 * are refused in all paths.
 */
export function looksRemote(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[:@?\\\x00-\x1f]/.test(text) || /^[./]*github\.com/i.test(text);
}

/**
 * A kustomization as kustomize gets it: what was read here and nothing else. The repository's own text could mean
 * something else to another reader of YAML, by line breaks and tags that only one of them knows.
 *
 * @returns JSON, with what YAML would take for line breaks written in digits
 */
export function writeKustomization(kustomization: Kustomization): Buffer {
  const text = JSON.stringify(kustomization).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Buffer.from(text);
}
