import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { Portal } from '../../portal/Portal';
import { resolveThing } from './resolveService';

/** A portal whose catalog has these. */
function portalWith(...refs: string[]): Portal {
  const portal = new Portal({
    backendUrl: 'http://localhost:1',
    source: 'a test',
    token: async () => 'token',
  });
  const entities = refs.map((ref): Entity => {
    const [kind, name] = ref.split(':');
    return { apiVersion: 'v1', kind, metadata: { name, namespace: 'default' } };
  });
  const find = (wanted: string) =>
    entities.find(one => stringifyEntityRef(one) === wanted.toLowerCase());
  jest
    .spyOn(portal.catalog, 'getEntityByRef')
    .mockImplementation(async ref =>
      find(typeof ref === 'string' ? ref : stringifyEntityRef(ref)),
    );
  jest
    .spyOn(portal.catalog, 'getEntitiesByRefs')
    .mockImplementation(async ({ entityRefs }) => ({
      items: entityRefs.map(find),
    }));
  jest
    .spyOn(portal.catalog, 'streamEntities')
    .mockImplementation(async function* pages() {
      yield entities;
    });
  return portal;
}

describe('a name that may be of any kind', () => {
  const meant = async (name: string, ...refs: string[]) =>
    stringifyEntityRef(await resolveThing(portalWith(...refs), name));

  it('is a service’s before any other’s', async () => {
    expect(await meant('cart', 'API:cart', 'Component:cart')).toBe(
      'component:default/cart',
    );
  });

  it('is that of the one thing that has it', async () => {
    expect(await meant('carts-db', 'Resource:carts-db')).toBe(
      'resource:default/carts-db',
    );
    expect(await meant('api:cart', 'API:cart', 'Component:cart')).toBe(
      'api:default/cart',
    );
  });

  it('is asked about where it can be several things, or none', async () => {
    await expect(meant('cart', 'API:cart', 'System:cart')).rejects.toThrow(
      '"cart" can be api:cart or system:cart.',
    );
    await expect(meant('carts', 'Component:cart')).rejects.toMatchObject({
      message: 'There is no carts in the catalog.',
      why: 'Did you mean cart?',
    });
  });
});
