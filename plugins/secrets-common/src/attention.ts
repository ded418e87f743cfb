import { z } from 'zod';
import { Rotation } from './rotation';
import { Secret } from './secret';
import { MissingKey } from './uses';

/** What of a secret needs somebody, most urgent first. */
export const attentionKinds = [
  /** Programs cannot start without it, and it is not set */
  'missing',
  /** It should have been replaced by now */
  'overdue',
  /** The cluster lacks what Vault has */
  'behind',
  /** It could not be replaced, or ended, when that was last tried */
  'failing',
  /** What runs elsewhere needs it here, where it is not set, before it can be deployed here */
  'missing-next',
  /** It is replaced within a day */
  'due',
] as const;
export type AttentionKind = (typeof attentionKinds)[number];

/** What is said of each, everywhere. */
export const attentionWords: Record<AttentionKind, string> = {
  missing: 'missing',
  overdue: 'overdue',
  behind: 'behind',
  failing: 'not replaced',
  'missing-next': 'missing for a next deploy',
  due: 'due',
};

/** As it is counted for Prometheus, too, in milliseconds. */
export const DUE_SOON_MS = 86_400_000;

/** Something that needs somebody. Never a value. */
export const attentionSchema = z.object({
  service: z.string(),
  environment: z.string(),
  production: z.boolean(),
  /** Nothing where it is about all that is there */
  key: z.string().optional(),
  kind: z.enum(attentionKinds),
  /** Why, in words */
  message: z.string(),
  /** When it was or is due, ISO 8601 */
  dueAt: z.string().optional(),
});
export type Attention = z.infer<typeof attentionSchema>;

/** Most urgent first: by kind, production before others, what was due first, then by name. */
export function compareAttention(one: Attention, other: Attention): number {
  const names = ({ service, environment, key = '' }: Attention) =>
    [service, environment, key].join(' ');
  return (
    rankOf(one.kind) - rankOf(other.kind) ||
    Number(other.production) - Number(one.production) ||
    (one.dueAt ?? '').localeCompare(other.dueAt ?? '') ||
    names(one).localeCompare(names(other))
  );
}

/**
 * What a key in one environment needs somebody for, most urgent first.
 *
 * @param now - in milliseconds
 */
export function needsOf(
  key: {
    secret: Pick<Secret, 'sync'> | undefined;
    rotation: Rotation | undefined;
    missing: MissingKey | undefined;
  },
  now: number,
): AttentionKind[] {
  const { secret, rotation, missing } = key;
  return attentionKinds.filter(kind => {
    switch (kind) {
      case 'missing':
      case 'missing-next':
        return missing !== undefined && lackOf(missing) === kind;
      case 'behind':
        return secret?.sync === 'behind';
      default:
        return rotation !== undefined && stateOf(rotation, now) === kind;
    }
  });
}

/**
 * How urgent the most urgent of some keys is: smaller is more.
 *
 * @param needs - as {@link needsOf} says; what needs nobody comes last
 */
export function urgencyOf(needs: AttentionKind[]): number {
  return Math.min(attentionKinds.length, ...needs.map(rankOf));
}

function stateOf(
  { dueAt, overdue, problem, waiting }: Rotation,
  now: number,
): AttentionKind | undefined {
  if (overdue) return 'overdue';
  if (problem) return 'failing';
  const isSoon = Date.parse(dueAt) - now < DUE_SOON_MS;
  return isSoon && !waiting ? 'due' : undefined;
}

/** Whether programs lack a key where they run, or only where they will be deployed next. */
export function lackOf({
  environment,
  deployedTo,
}: Pick<MissingKey, 'environment' | 'deployedTo'>): AttentionKind {
  return environment === deployedTo ? 'missing' : 'missing-next';
}

function rankOf(kind: AttentionKind): number {
  return attentionKinds.indexOf(kind);
}
