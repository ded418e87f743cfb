import { mockServices } from '@backstage/backend-test-utils';
import { LentPreviews } from './LentPreviews';

const CHANGED = {
  ...{ service: 'component:default/cart', environment: 'staging' },
  ...{ keys: ['API_KEY'], deleted: [] },
};

const gone = async () => {
  throw new Error('It does not answer.');
};

describe('environments on demand that are lent secrets', () => {
  it('are asked only about the environment that they are lent from', async () => {
    const followSecrets = jest.fn(async () => ({ items: [] }));
    const logger = mockServices.logger.mock();
    const lentSecrets = jest.fn(async () => ({ items: [] }));
    const environments = { followSecrets, lentSecrets };
    const none = new LentPreviews({ environments, logger });
    expect(await none.follow(CHANGED)).toEqual([]);
    expect(await none.lent(CHANGED.service)).toEqual({ lent: [] });
    expect(lentSecrets).not.toHaveBeenCalled();
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
        followSecrets: gone,
        lentSecrets: gone,
      },
      logger: mockServices.logger.mock(),
      lentFrom: 'staging',
    });
    expect(await previews.follow(CHANGED)).toMatchObject([
      { environment: 'previews', state: 'behind' },
    ]);
    // Nor of who lists them.
    expect(await previews.lent(CHANGED.service)).toEqual({
      ...{ lent: [], lentUnknown: expect.stringMatching(/cannot be seen/) },
    });
  });

  it('are told by the key that they are lent', async () => {
    const lentSecrets = jest.fn(async () => ({
      items: [
        { environment: 'pr-1', keys: ['API_KEY', 'TOKEN'] },
        { environment: 'pr-2', keys: ['API_KEY'] },
      ],
    }));
    const previews = new LentPreviews({
      environments: { followSecrets: gone, lentSecrets },
      ...{ logger: mockServices.logger.mock(), lentFrom: 'staging' },
    });
    expect(await previews.lent(CHANGED.service)).toEqual({
      lent: [
        { environment: 'staging', key: 'API_KEY', to: ['pr-1', 'pr-2'] },
        { environment: 'staging', key: 'TOKEN', to: ['pr-1'] },
      ],
    });
    const { service, environment } = CHANGED;
    expect(lentSecrets).toHaveBeenCalledWith(
      { service, environment },
      expect.anything(),
    );
  });
});
