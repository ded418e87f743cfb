import { SecretValue } from '@highroad/plugin-platform-common';
import { SyncItem, SyncMemory } from '../database/SyncStore';
import { ClusterSecret } from '../drivers/kubernetes/ClusterSecrets';
import { bytesOf } from '../drivers/vault/fingerprint';
import { SecretPath } from '../drivers/vault/SecretPath';
import { ForeignShapeError, SecretVault } from '../drivers/vault/SecretVault';
import { VaultError } from '../drivers/vault/vaultErrors';
import { inTurns } from './inTurns';
import { ifRefused, Refusals } from './Refusals';
import { fitting, roundedSize } from './room';

/** A value as a Secret has it, in base64. */
interface Held {
  value: SecretValue;
  version: number;
}

/** Whether Kubernetes takes it as a key of a Secret. */
export function fitsSecret(key: string): boolean {
  return /^(?!\.$|\.\.)[-._A-Za-z0-9]{1,253}$/.test(key);
}

/** Values that a Secret still holds as they were written; none where somebody else wrote it since. */
export function heldBy(
  present: ClusterSecret | undefined,
  { revision, versions }: SyncMemory,
  keys: string[],
): Map<string, Held> {
  const held = new Map<string, Held>();
  if (!present || present.revision !== revision) return held;
  for (const key of keys) {
    const [value, version] = [present.data.get(key), versions[key]];
    if (value && version) held.set(key, { value, version });
  }
  return held;
}

/** Bytes by key of what is in a Secret beside our keys. */
export function othersIn(
  present: ClusterSecret | undefined,
  ours: Set<string>,
): Map<string, number> {
  const others = [...(present?.data ?? [])].filter(([key]) => !ours.has(key));
  return new Map(others.map(([key, value]) => [key, bytesIn(value)]));
}

/**
 * What our keys of a Secret are to hold next. What finds no room, is not understood or is refused is left out, so that it keeps
 * out nothing else, and the value before it stays.
 *
 * @param at.held - values that need not be read again
 * @param at.news - keys to be read
 * @param at.wanted - newest version by key
 * @param at.others - bytes by key of what is in the Secret beside them
 * @param at.present - the Secret as it is, which is all that is known of a value that Vault refuses
 * @param at.brought - keys that are ours there, also those of which no version is known, since they began again
 * @returns base64 by key, versions of what is in it, and what was looked at
 * @throws VaultError, also where all that is wanted is refused
 */
export async function nextContents(
  at: Pick<SyncItem, 'place' | 'memory'> & {
    held: Map<string, Held>;
    news: string[];
    wanted: Record<string, number>;
    others: Map<string, number>;
    present?: ClusterSecret;
    brought: Set<string>;
  },
  vault: Pick<SecretVault, 'read'>,
): Promise<
  Pick<SyncMemory, 'versions' | 'weighed'> & { data: Map<string, SecretValue> }
> {
  const { memory, news, others, wanted } = at;
  const { service, environment } = at.place;
  const held = new Map(at.held);
  const read = new Map<string, Held>();
  const foreign: string[] = [];
  const refused = new Refusals();
  await inTurns(news, async key => {
    const path = { service, environment, key };
    const newest = await readFrom(vault, path);
    if (newest === 'foreign') foreign.push(key);
    else if (newest instanceof VaultError) refused.add(key, newest);
    else if (newest) read.set(key, newest);
    else held.delete(key);
    const before = memory.versions[key];
    if (!newest || held.has(key) || !before) return;
    if (isHeld(newest) && newest.version === before) return;
    // Somebody else wrote the Secret, so what is there in its place is not to be trusted; it stays where the newest is left out.
    const old = await readFrom(vault, path, before);
    if (isHeld(old)) held.set(key, old);
    const there = at.present?.data.get(key);
    if (old instanceof VaultError && there) {
      held.set(key, { value: there, version: before });
    }
  });
  refused.tellIfAll(Object.keys(wanted));
  const weighed: SyncMemory['weighed'] = {};
  for (const [key, { value, version }] of [...held, ...read]) {
    weighed[key] = { version, bytes: roundedSize(bytesIn(value)) };
  }
  for (const key of foreign) {
    const { bytes } = weighed[key] ?? { bytes: 0 };
    weighed[key] = { version: wanted[key], bytes, foreign: true };
  }
  for (const key of refused.keys()) {
    const { bytes } = weighed[key] ?? { bytes: 0 };
    weighed[key] = { version: wanted[key], bytes, refused: true };
  }
  // Where its key began again, the value before is known no more but by the Secret.
  const standing = new Map<string, SecretValue>();
  for (const key of [...foreign, ...refused.keys()]) {
    const there = at.present?.data.get(key);
    const isUnknown = !held.has(key) && !memory.versions[key];
    if (!there || !isUnknown || !at.brought.has(key)) continue;
    standing.set(key, there);
    weighed[key] = { ...weighed[key], before: true };
  }
  const sizes = [
    ...[...held].map(([key, { value }]) => [key, bytesIn(value)] as const),
    ...[...standing].map(([key, value]) => [key, bytesIn(value)] as const),
  ];
  const fits = fitting(
    new Map([...others, ...sizes]),
    [...read].map(([key, { value, version }]) => ({
      ...{ key, bytes: bytesIn(value) },
      brought: memory.versions[key] === version,
    })),
  );
  for (const [key, one] of read) if (fits.has(key)) held.set(key, one);
  return {
    data: new Map([
      ...standing,
      ...[...held].map(([key, { value }]) => [key, value] as const),
    ]),
    versions: Object.fromEntries(
      [...held].map(([key, { version }]) => [key, version]),
    ),
    weighed,
  };
}

/**
 * Looks at values before there is a Secret for them: which it could hold, and which not, since they are not understood, or
 * find no room beside the others of these.
 *
 * @param at.keys - those that are looked at
 * @param at.versions - newest version by key, of all of the service
 * @throws VaultError, also where all of the service is refused
 */
export async function weighBefore(
  { service, environment }: SyncItem['place'],
  at: { keys: string[]; versions: Record<string, number> },
  vault: Pick<SecretVault, 'read'>,
): Promise<SyncMemory['weighed']> {
  const weighed: SyncMemory['weighed'] = {};
  const news: Parameters<typeof fitting>[1] = [];
  const refused = new Refusals();
  await inTurns(at.keys, async key => {
    const newest = await readFrom(vault, { service, environment, key });
    if (newest === 'foreign') {
      weighed[key] = { version: at.versions[key], bytes: 0, foreign: true };
    } else if (newest instanceof VaultError) {
      refused.add(key, newest);
      weighed[key] = { version: at.versions[key], bytes: 0, refused: true };
    } else if (newest) {
      const bytes = bytesIn(newest.value);
      news.push({ key, bytes, brought: false });
    }
  });
  refused.tellIfAll(Object.keys(at.versions));
  const fits = fitting(new Map(), news);
  for (const { key, bytes } of news) {
    weighed[key] = {
      ...{ version: at.versions[key], bytes: roundedSize(bytes) },
      ...(fits.has(key) && { fits: true }),
    };
  }
  return weighed;
}

function isHeld(found: Awaited<ReturnType<typeof readFrom>>): found is Held {
  return (
    found !== undefined && found !== 'foreign' && !(found instanceof VaultError)
  );
}

/**
 * @returns nothing for one that is not there or deleted, `foreign` for what a Secret cannot hold as it is, and why where Vault
 * refuses it
 */
async function readFrom(
  vault: Pick<SecretVault, 'read'>,
  path: SecretPath,
  version?: number,
): Promise<Held | 'foreign' | VaultError | undefined> {
  if (!fitsSecret(path.key)) return 'foreign';
  const stored = await vault.read(path, 'sync', version).catch(error => {
    if (error instanceof ForeignShapeError) return 'foreign' as const;
    return ifRefused(error);
  });
  if (!stored || stored === 'foreign' || stored instanceof VaultError) {
    return stored;
  }
  const bytes = bytesOf(stored.value, stored.encoding);
  return {
    value: new SecretValue(bytes.toString('base64')),
    version: stored.version,
  };
}

/** @returns how many bytes this base64 stands for */
export function bytesIn(value: SecretValue): number {
  return Buffer.byteLength(value.reveal(), 'base64');
}
