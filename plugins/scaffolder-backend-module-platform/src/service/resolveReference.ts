import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  CompoundEntityRef,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { explainUnknownReference } from './unknownReference';

/** What a reference in an answer may lead to. The first kind goes without saying. */
const KINDS = { owner: ['group', 'user'], system: ['system'] } as const;

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
  const kinds: readonly string[] = KINDS[field];
  const ref = parse(field, text, kinds[0]);
  if (!kinds.includes(ref.kind.toLowerCase())) {
    throw new InputError(
      `The ${field} "${text}" is a ${ref.kind}; it must be a ${kinds.join(
        ' or a ',
      )}.`,
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
