import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import useAsync from 'react-use/esm/useAsync';

const AT_ONCE = 500;
const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'spec.owner',
  'spec.system',
];

/**
 * Which of the services are in the catalog, who owns them and which systems they are of, as references by the service's,
 * and which of the owners the reader belongs to.
 */
export function useOwners(services: string[]) {
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  const key = services.join(' ');
  return useAsync(async () => {
    const found = new Set<string>();
    const owners = new Map<string, string>();
    const systems = new Map<string, string>();
    for (let from = 0; from < services.length; from += AT_ONCE) {
      const entityRefs = services.slice(from, from + AT_ONCE);
      const { items } = await catalog.getEntitiesByRefs({
        entityRefs,
        fields: FIELDS,
      });
      items.forEach((entity, index) => {
        if (!entity) return;
        found.add(entityRefs[index]);
        const { owner, system } = entity.spec ?? {};
        const defaultNamespace = entity.metadata.namespace;
        if (typeof system === 'string') {
          systems.set(
            entityRefs[index],
            stringifyEntityRef(
              parseEntityRef(system, {
                defaultKind: 'system',
                defaultNamespace,
              }),
            ),
          );
        }
        if (typeof owner !== 'string') return;
        owners.set(
          entityRefs[index],
          stringifyEntityRef(
            parseEntityRef(owner, { defaultKind: 'group', defaultNamespace }),
          ),
        );
      });
    }
    const { ownershipEntityRefs } = await identity.getBackstageIdentity();
    return { found, owners, systems, mine: new Set(ownershipEntityRefs) };
    // The list is another one at each look, with the same in it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [catalog, identity, key]);
}
export type Owners = NonNullable<ReturnType<typeof useOwners>['value']>;

/** What is known of some services, with what is known of others. */
export function withMore(some: Owners, others: Owners | undefined): Owners {
  if (!others) return some;
  return {
    found: new Set([...some.found, ...others.found]),
    owners: new Map([...some.owners, ...others.owners]),
    systems: new Map([...some.systems, ...others.systems]),
    mine: some.mine,
  };
}
