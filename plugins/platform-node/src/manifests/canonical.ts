import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { KubernetesObject } from './KubernetesObject';

/** Objects in the order in which they are applied, as text that is the same for the same objects. */
export interface Manifests {
  objects: KubernetesObject[];
  /** YAML, each object a document */
  text: string;
  /** Of the text, hexadecimal */
  sha256: string;
}

/** What others need comes before what needs it; workloads before what looks for them. */
const ORDER = [
  'ServiceAccount',
  'ConfigMap',
  'NetworkPolicy',
  'AnalysisTemplate',
  'Service',
  'PodDisruptionBudget',
  'Job',
  'Deployment',
  'Rollout',
  'CronJob',
];

/** Keys and objects are sorted, so that a digest tells whether two deployments apply the same. */
export function canonicalManifests(objects: KubernetesObject[]): Manifests {
  const sorted = [...objects].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compare(a.kind, b.kind) ||
      compare(a.metadata.name, b.metadata.name),
  );
  const text = sorted
    .map(object =>
      stringify(object, {
        // Quotes what YAML 1.1 or 1.2 would take for something else than text: programs read one or the other.
        schema: 'core',
        compat: 'yaml-1.1',
        lineWidth: 0,
        aliasDuplicateObjects: false,
        sortMapEntries: true,
      }),
    )
    .join('---\n');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { objects: sorted, text, sha256 };
}

function rank({ kind }: KubernetesObject): number {
  const at = ORDER.indexOf(kind);
  return at < 0 ? ORDER.length : at;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
