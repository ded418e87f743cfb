import { mockServices } from '@backstage/backend-test-utils';
import { LentPreviews } from './LentPreviews';

const CHANGED = {
  ...{ service: 'component:default/cart', environment: 'staging' },
  ...{ keys: ['API_KEY'], deleted: [] },
};

describe('environments on demand that are lent secrets', () => {
  it('are asked only about the environment that they are lent from', async () => {
    const followSecrets = jest.fn(async () => ({ items: [] }));
    const logger = mockServices.logger.mock();
    const environments = { followSecrets };
    const none = new LentPreviews({ environments, logger });
    expect(await none.follow(CHANGED)).toEqual([]);
    const previews = new LentPreviews({
      ...{ environments, logger, lentFrom: 'staging' },
    });
    await previews.follow({ ...CHANGED, environment: 'production' });
    expect(followSecrets).not.toHaveBeenCalled();
    await previews.follow(CHANGED);
    expect(followSecrets).toHaveBeenCalledWith(CHANGED, expect.anything());
  });

  it('are behind where they cannot be told, and whoever changed a secret is not in the way of that', async () => {
    const previews = new LentPreviews({
      environments: {
        followSecrets: async () => {
          throw new Error('It does not answer.');
        },
      },
      logger: mockServices.logger.mock(),
      lentFrom: 'staging',
    });
    expect(await previews.follow(CHANGED)).toMatchObject([
      { environment: 'previews', state: 'behind' },
    ]);
  });
});
