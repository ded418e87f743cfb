import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { nearestNames } from '@highroad/plugin-platform-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Portal } from '../../portal/Portal';

/** What a name without a kind can have been meant for. */
const KINDS = ['component', 'api', 'resource'];

/**
 * What a person means by a name: `my-service` is a component of the default namespace; a full reference is itself.
 *
 * @throws CliError with names that are near, if there is no such thing
 */
export async function resolveService(
  portal: Portal,
  name: string,
): Promise<Entity> {
  const ref = parse(name);
  const entity = await portal.catalog.getEntityByRef(ref);
  if (entity) return entity;

  const near = nearestNames(
    ref.name,
    await namesOf(portal, name.includes(':') ? [ref.kind] : KINDS),
  );
  throw new CliError(`There is no ${name} in the catalog.`, {
    why: near.length ? `Did you mean ${near.join(', ')}?` : undefined,
    fix: 'List what there is: platform service list --all',
    exitCode: exitCodes.notFound,
  });
}

/** The names of everything of some kinds that the person may see. */
async function namesOf(portal: Portal, kinds: string[]): Promise<string[]> {
  const names: string[] = [];
  for await (const page of portal.catalog.streamEntities({
    filter: { kind: kinds },
    fields: ['kind', 'metadata.name', 'metadata.namespace'],
  })) {
    names.push(...page.map(entity => shortRef(stringifyEntityRef(entity))));
  }
  return names;
}

function parse(name: string) {
  try {
    return parseEntityRef(name, {
      defaultKind: 'component',
      defaultNamespace: 'default',
    });
  } catch {
    throw new CliError(`"${name}" is not a name in the catalog.`, {
      fix: 'Write my-service, or a full reference such as resource:default/payments-db.',
      exitCode: exitCodes.usage,
    });
  }
}

/** A reference without what goes without saying: `my-service` for `component:default/my-service`. */
export function shortRef(ref: string): string {
  return ref.replace(/^component:/, '').replace(/(^|:)default\//, '$1');
}
