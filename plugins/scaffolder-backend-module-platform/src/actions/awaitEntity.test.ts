import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { runAction } from '../__testUtils__/runAction';
import { createAwaitEntityAction } from './awaitEntity';

describe('platform:catalog:await', () => {
  const awaitEntity = (
    catalog: ReturnType<typeof catalogServiceMock.mock>,
    signal?: AbortSignal,
  ) =>
    runAction(
      createAwaitEntityAction({ catalog }),
      { entityRef: 'component:default/cart', timeoutSeconds: 1 },
      { signal },
    );

  it('ends when the catalog has processed the entity', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef
      .mockResolvedValueOnce(undefined)
      .mockResolvedValueOnce({
        apiVersion: 'v1',
        kind: 'Component',
        metadata: { name: 'cart' },
      });
    await awaitEntity(catalog);
    expect(catalog.getEntityByRef).toHaveBeenCalledTimes(2);
  });

  it('says where to look when the entity does not come', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef.mockResolvedValue(undefined);
    await expect(awaitEntity(catalog)).rejects.toThrow(
      /component:default\/cart was registered but is not in the catalog after 1 s/,
    );
  });

  it('stops when the creation is cancelled', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef.mockResolvedValue(undefined);
    await expect(
      awaitEntity(catalog, AbortSignal.abort()),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
