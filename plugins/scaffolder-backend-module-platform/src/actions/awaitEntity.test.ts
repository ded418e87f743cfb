import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { runAction } from '../__testUtils__/runAction';
import { createAwaitEntityAction } from './awaitEntity';

describe('platform:catalog:await', () => {
  const succeeded = jest.fn();
  const auditor = mockServices.auditor.mock({
    createEvent: jest.fn(async () => ({
      success: succeeded,
      fail: async () => {},
    })),
  });
  beforeEach(() => jest.clearAllMocks());

  const awaitEntity = (
    catalog: ReturnType<typeof catalogServiceMock.mock>,
    signal?: AbortSignal,
  ) =>
    runAction(
      createAwaitEntityAction({ auditor, catalog }),
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
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'service-create',
        meta: {
          platform: expect.objectContaining({
            service: 'component:default/cart',
          }),
        },
      }),
    );
    expect(succeeded).toHaveBeenCalledTimes(1);
  });

  it('says where to look when the entity does not come', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef.mockResolvedValue(undefined);
    await expect(awaitEntity(catalog)).rejects.toThrow(
      /component:default\/cart was registered but is not in the catalog after 1 s/,
    );
    expect(auditor.createEvent).not.toHaveBeenCalled();
  });

  it('refuses an entity that another creation of the same name registered', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef.mockResolvedValue({
      apiVersion: 'v1',
      kind: 'Component',
      metadata: {
        name: 'cart',
        annotations: {
          'backstage.io/managed-by-origin-location': 'url:https://git/other',
        },
      },
    });
    const creation = runAction(createAwaitEntityAction({ auditor, catalog }), {
      entityRef: 'component:default/cart',
      catalogInfoUrl: 'https://git/mine',
      timeoutSeconds: 1,
    });
    await expect(creation).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('https://git/other'),
    });
  });

  it('stops when the creation is cancelled', async () => {
    const catalog = catalogServiceMock.mock();
    catalog.getEntityByRef.mockResolvedValue(undefined);
    await expect(
      awaitEntity(catalog, AbortSignal.abort()),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});
