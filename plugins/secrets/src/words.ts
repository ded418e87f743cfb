import { parseEntityRef } from '@backstage/catalog-model';
import { SecretChange } from '@highroad/plugin-secrets-common';

/** A service as people call it: by its name, with what tells it from others of that name. */
export function serviceName(ref: string): string {
  const { kind, namespace, name } = parseEntityRef(ref);
  return kind === 'component' && namespace === 'default' ? name : ref;
}

/**
 * What became of a change, in a sentence.
 *
 * @param leftOut - environments of production, which were not named
 */
export function changesText(
  changes: SecretChange[],
  leftOut: string[] = [],
): string {
  const by = (outcome: SecretChange['outcome']) =>
    changes
      .filter(change => change.outcome === outcome)
      .map(({ environment }) => environment);
  const unchanged = by('unchanged');
  const changed = changes
    .filter(({ outcome }) => outcome !== 'unchanged')
    .map(({ environment }) => environment);
  return [
    changed.length > 0 && `Done in ${changed.join(', ')}.`,
    unchanged.length > 0 &&
      `Nothing to do in ${unchanged.join(', ')}: it has that value already.`,
    leftOutText(leftOut),
  ]
    .filter(Boolean)
    .join(' ');
}

function leftOutText(environments: string[]): string | false {
  return (
    environments.length > 0 &&
    `Not in ${environments.join(', ')}: choose it for that.`
  );
}

/** What became of many keys, in a sentence; `leftOut` as for {@link changesText}. */
export function importedText(
  changes: SecretChange[],
  leftOut: string[] = [],
): string {
  const keysOf = (same: boolean) =>
    new Set(
      changes
        .filter(({ outcome }) => (outcome === 'unchanged') === same)
        .map(({ key }) => key),
    );
  const set = keysOf(false);
  const kept = [...keysOf(true)].filter(key => !set.has(key));
  const count = (n: number) => (n === 1 ? '1 key' : `${n} keys`);
  return [
    `${count(set.size)} set.`,
    kept.length > 0 && `${count(kept.length)} had that value already.`,
    leftOutText(leftOut),
  ]
    .filter(Boolean)
    .join(' ');
}
