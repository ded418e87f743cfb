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

/**
 * As `resolveService`, for what may be of any kind: a name that no service has is that of the one API, resource or system that
 * has it.
 *
 * @throws CliError with what it can mean, where there are several
 */
export async function resolveThing(
  portal: Portal,
  name: string,
): Promise<Entity> {
  if (name.includes(':')) return resolveService(portal, name);
  const { items } = await portal.catalog.getEntitiesByRefs({
    entityRefs: [...KINDS, 'system'].map(kind =>
      stringifyEntityRef({ ...parse(name), kind }),
    ),
  });
  const found = items.filter(entity => entity !== undefined);
  const service = found.find(({ kind }) => kind === 'Component');
  if (service || found.length === 1) return service ?? found[0];
  if (found.length === 0) return resolveService(portal, name);
  const meant = found.map(entity => shortRef(stringifyEntityRef(entity)));
  throw new CliError(`"${name}" can be ${meant.join(' or ')}.`, {
    fix: `Write which: platform dependents ${meant[0]}`,
    exitCode: exitCodes.usage,
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

/**
 * The whole reference of what a person calls by its name; whether there is such a thing is not looked up.
 *
 * @throws CliError for what is no name
 */
export function wholeRef(name: string): string {
  return stringifyEntityRef(parse(name));
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
