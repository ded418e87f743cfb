import { Secret } from '@highroad/plugin-secrets-common';
import { SyncItem } from '../database/SyncStore';
import { Authorship, Removal } from '../database/VersionStore';
import { isBy, WhichVersion } from '../database/whichVersion';
import { SecretPath } from '../drivers/vault/SecretPath';
import { KeyFacts } from '../drivers/vault/SecretVault';
import { isBegunAnew, standingOf, whyKeyLeftOut } from './leftOut';
import { newestIn } from './seenVersion';

/** So far Vault's clock may be after ours. */
const CLOCKS_MS = 60_000;

/** A key as it is told: what Vault knows of it, with who changed it, and how far the cluster is. */
export function secretOf(
  path: SecretPath,
  facts: KeyFacts,
  known: {
    authors: Authorship[];
    removals: Removal[];
    sync: SyncItem | undefined;
  },
): Secret {
  const { service, environment, key } = path;
  const { version, readable, versions } = facts;
  const { authors, removals, sync } = known;
  const newest = newestIn(facts);
  const author =
    newest && authors.find(one => one.key === key && isBy(one, newest));
  const deletedAt = newest?.deletedAt;
  const deletion =
    newest && deletionIn(removalsOf({ key, ...newest }, removals), deletedAt);
  const wanted = readable ? version : undefined;
  const why = sync && whyKeyLeftOut(sync.memory, key, wanted);
  const standing = sync && standingOf(sync.memory, key, wanted);
  const isOther =
    sync !== undefined &&
    standing === 'synced' &&
    readable &&
    isBegunAnew(sync.memory, key, versions[0]?.at);
  return {
    ...{ service, environment, key, version },
    state: readable ? 'set' : 'deleted',
    updatedAt: versions[0]?.at ?? '',
    ...(author && { updatedBy: author.actor }),
    ...(deletedAt && { deletedAt }),
    ...(deletion && { deletedBy: deletion.actor }),
    ...(standing && { sync: isOther ? 'behind' : standing }),
    ...(why && { leftOut: why }),
  };
}

/** Those of this version, and not of one that had its number before it was made. */
export function removalsOf(
  { key, version, at }: WhichVersion & { key: string },
  removals: Removal[],
): Removal[] {
  const madeAt = Date.parse(at) - CLOCKS_MS;
  return removals.filter(
    one =>
      one.key === key &&
      one.version === version &&
      Date.parse(one.at) >= madeAt,
  );
}

/** The deletion that Vault still knows of, if it was done through the platform. */
export function deletionIn(
  removals: Removal[],
  deletedAt: string | undefined,
): Removal | undefined {
  return removals.find(one => one.what === 'deleted' && one.at === deletedAt);
}
