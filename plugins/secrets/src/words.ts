import { parseEntityRef } from '@backstage/catalog-model';
import { SecretChange } from '@highroad/plugin-secrets-common';

/** A service as people call it: by its name, with what tells it from others of that name. */
export function serviceName(ref: string): string {
  const { kind, namespace, name } = parseEntityRef(ref);
  return kind === 'component' && namespace === 'default' ? name : ref;
}

/** What became of a change, in a sentence. */
export function changesText(changes: SecretChange[]): string {
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
  ]
    .filter(Boolean)
    .join(' ');
}
