import { keySchema, SecretSync } from '@highroad/plugin-secrets-common';
import { SyncMemory } from '../database/SyncStore';
import { fitsSecret } from './contents';
import { largest, MOST_NAMED } from './room';

/** Newest versions by key as they were last seen, also of what found no room. */
export function seenVersions({
  versions,
  weighed,
}: Pick<SyncMemory, 'versions' | 'weighed'>): Record<string, number> {
  const looked = Object.entries(weighed).flatMap(
    // Of what was taken away there is no newest, and of what Vault refuses it may never have been known.
    ([key, { version, stays }]) =>
      stays || version === 0 ? [] : [[key, version] as const],
  );
  return { ...versions, ...Object.fromEntries(looked) };
}

/**
 * Whether a version is another one than was seen, whatever its number: the key was taken out of Vault whole, and began again.
 *
 * @param madeAt - when Vault made it
 */
export function isBegunAnew(
  { made }: Pick<SyncMemory, 'made'>,
  key: string,
  madeAt: string | undefined,
): boolean {
  const seen = made?.[key];
  return seen !== undefined && madeAt !== undefined && seen !== madeAt;
}

/**
 * The same without what is known of versions that have the number of another one by now, and with which keys began again.
 *
 * @param newest - of Vault
 */
export function withoutBegunAnew(
  memory: SyncMemory,
  newest: { versions: Record<string, number>; made: Record<string, string> },
): SyncMemory {
  const stays = (key: string, version: number) =>
    newest.versions[key] !== version ||
    !isBegunAnew(memory, key, newest.made[key]);
  // Vault counts on as long as it has the key.
  const begunAnew = Object.entries(seenVersions(memory)).flatMap(
    ([key, version]) =>
      newest.versions[key] < version || !stays(key, version) ? [key] : [],
  );
  return {
    ...memory,
    anew: [...new Set([...(memory.anew ?? []), ...begunAnew])],
    versions: Object.fromEntries(
      Object.entries(memory.versions).filter(([key, version]) =>
        stays(key, version),
      ),
    ),
    weighed: Object.fromEntries(
      Object.entries(memory.weighed).filter(([key, { version }]) =>
        stays(key, version),
      ),
    ),
  };
}

/**
 * Keys whose newest value was not brought, since it found no room, is not understood or is refused; or that could not be taken
 * away.
 */
export function leftOut({
  versions,
  weighed,
}: Pick<SyncMemory, 'versions' | 'weighed'>): string[] {
  return Object.keys(weighed).filter(
    key =>
      weighed[key].refused ||
      (!weighed[key].fits && weighed[key].version !== versions[key]),
  );
}

/** What is left out and why, and what to do about it, in words. */
export function whyLeftOut(
  memory: Pick<SyncMemory, 'versions' | 'weighed'>,
): string {
  const { weighed } = memory;
  const keys = leftOut(memory);
  const stays = keys.filter(key => weighed[key].stays).sort();
  const foreign = keys.filter(key => weighed[key].foreign).sort();
  const refused = keys.filter(key => weighed[key].refused).sort();
  const large = keys.filter(
    key =>
      !weighed[key].foreign && !weighed[key].stays && !weighed[key].refused,
  );
  const misnamed = foreign.filter(key => !fitsSecret(key));
  const misshapen = foreign.filter(key => fitsSecret(key));
  const sizes = large.map(key => [key, weighed[key].bytes] as const);
  const again = [
    large.length > 0 || foreign.length > 0
      ? 'what is left out is tried again when something changes'
      : '',
    refused.length > 0
      ? 'Vault is asked again for what it refuses within five minutes'
      : '',
  ].filter(Boolean);
  return [
    sizes.length > 0 &&
      `${largest(sizes)}${more(large)} ${
        large.length === 1 ? 'finds' : 'find'
      } no room: all values there may be 1 MiB together. Delete what is not used, or make it smaller.`,
    misshapen.length > 0 &&
      `${someOf(misshapen)} ${
        misshapen.length === 1 ? 'stands' : 'stand'
      } in Vault in a shape of its own: without a field "value" with text, or not in the base64 that its field "encoding" says. ${
        misshapen.every(isSettable)
          ? 'Set it through the platform'
          : 'Write it so in Vault'
      }, or delete it in Vault.`,
    misnamed.length > 0 &&
      `${someOf(misnamed)} ${
        misnamed.length === 1 ? 'has a name' : 'have names'
      } that no Secret can have. Set it under a name of letters, digits and "_", and delete it in Vault.`,
    refused.length > 0 &&
      `Vault refuses the platform ${someOf(
        refused,
      )}: the policy of the role platform.vault.auth.sync needs read on ${
        refused.length === 1 ? 'its path' : 'their paths'
      } below metadata and data.`,
    stays.length > 0 &&
      `${someOf(stays)} ${
        stays.length === 1 ? 'is' : 'are'
      } deleted, and still in the Secret: somebody else wrote the same there, so it is theirs too. Remove it there.`,
    again.length > 0 && `What was there before stays; ${again.join('; ')}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * Why a version of a key cannot be brought to a cluster, or taken away there, in words.
 *
 * @param version - that programs should have; nothing for one that is deleted
 */
export function whyKeyLeftOut(
  { versions, weighed }: Pick<SyncMemory, 'versions' | 'weighed'>,
  key: string,
  version: number | undefined,
): string | undefined {
  const known = weighed[key];
  if (!known || !leftOut({ versions, weighed }).includes(key)) return undefined;
  const isMeant = known.stays
    ? version === undefined
    : version === known.version;
  return isMeant
    ? whyLeftOut({ versions, weighed: { [key]: known } })
    : undefined;
}

/**
 * How far a key is in a cluster.
 *
 * @param version - that programs should have; nothing for one that is deleted
 */
export function standingOf(
  memory: Pick<
    SyncMemory,
    'restartAt' | 'restartKeys' | 'state' | 'tries' | 'versions' | 'weighed'
  >,
  key: string,
  version: number | undefined,
): SecretSync['state'] {
  const { restartAt, restartKeys = [key], state, versions } = memory;
  if (state === 'waiting' || state === 'left') return state;
  if (isFailing(memory)) {
    // What is deleted, and was never brought, need not be taken away. A restart is kept before what it is for is written.
    const mayBeThere =
      versions[key] !== undefined || (restartAt && restartKeys.includes(key));
    return version === undefined && !mayBeThere ? 'synced' : state;
  }
  if (version === undefined && memory.weighed[key]?.stays) return 'behind';
  return versions[key] === version ? 'synced' : 'behind';
}

/** Whether nothing was ever brought, nor was about to be. A restart is kept before what it is for is written. */
export function wasNeverThere(
  memory: Pick<
    SyncMemory,
    'replacedAt' | 'restartAt' | 'revision' | 'versions'
  >,
): boolean {
  const { replacedAt, restartAt, revision, versions } = memory;
  const keys = [...Object.keys(versions), ...Object.keys(replacedAt)];
  return keys.length === 0 && !revision && !restartAt;
}

/** Whether all of it is behind, and not only what was left out. */
export function isFailing(
  memory: Pick<SyncMemory, 'state' | 'versions' | 'weighed' | 'tries'>,
): boolean {
  const { state, tries } = memory;
  return state === 'behind' && (tries > 0 || leftOut(memory).length === 0);
}

function someOf(keys: string[]): string {
  return keys.slice(0, MOST_NAMED).join(', ') + more(keys);
}

/** Whether the platform sets keys of such a name. */
function isSettable(key: string): boolean {
  return keySchema.safeParse(key).success;
}

function more(keys: string[]): string {
  const left = keys.length - MOST_NAMED;
  return left > 0 ? ` and ${left} more` : '';
}
