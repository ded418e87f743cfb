import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  CompoundEntityRef,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { explainUnknownReference } from './unknownReference';

/** What a reference in an answer may lead to. A service belongs to a team, since people move on. */
const KINDS = {
  owner: { kind: 'group', name: 'team' },
  system: { kind: 'system', name: 'system' },
} as const;

/**
 * Reads a reference from an answer, short or full, and makes sure that it leads somewhere.
 *
 * @throws InputError for one that is malformed, of another kind, or not in the catalog
 */
export async function resolveReference(
  field: keyof typeof KINDS,
  text: string,
  options: { catalog: CatalogService; credentials: BackstageCredentials },
): Promise<CompoundEntityRef> {
  const { kind, name } = KINDS[field];
  const ref = parse(field, text, kind);
  if (ref.kind.toLowerCase() !== kind) {
    throw new InputError(
      `The ${field} "${text}" is a ${ref.kind.toLowerCase()}; it must be a ${name}, such as ${kind}:default/my-${name}.`,
    );
  }
  const problem = await explainUnknownReference(
    field,
    stringifyEntityRef(ref),
    options,
  );
  if (problem) throw new InputError(problem);
  return ref;
}

function parse(field: string, text: string, defaultKind: string) {
  try {
    return parseEntityRef(text, { defaultKind, defaultNamespace: 'default' });
  } catch {
    throw new InputError(
      `The ${field} "${text}" is not a name in the catalog, such as ${defaultKind}:default/my-${defaultKind}.`,
    );
  }
}
