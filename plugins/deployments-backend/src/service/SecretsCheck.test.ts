import { KubernetesObject } from '@highroad/plugin-platform-node/manifests';
import { KeptSecrets, SecretProvider, SecretsCheck } from './SecretsCheck';

const place = {
  service: 'component:default/cart',
  name: 'cart',
  environment: 'staging',
  cluster: 'main',
  namespace: 'cart-staging',
};
const cart = (...keys: string[]): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: 'cart',
            env: keys.map(key => ({
              name: key,
              valueFrom: {
                secretKeyRef: {
                  name: key.includes('/') ? key.split('/')[0] : 'cart',
                  key: key.split('/').pop(),
                },
              },
            })),
          },
        ],
      },
    },
  },
});

/** What a cluster has, by Secret, and what the store has. */
function checkOf(
  inCluster: Record<string, string[]>,
  keys: () => Promise<Set<string> | undefined>,
  provide: SecretProvider['provide'] = async () => ({
    keys: new Set(),
    lines: [],
  }),
  leftOut: Array<[string, string]> = [],
  unseen: Array<[string, string]> = [],
) {
  const asked = jest.fn<ReturnType<KeptSecrets['keys']>, [string, string]>(
    async () => {
      const kept = await keys();
      return (
        kept && {
          ...{ keys: kept, leftOut: new Map(leftOut) },
          unseen: new Map(unseen),
        }
      );
    },
  );
  const provided = jest.fn(provide);
  const check = new SecretsCheck({
    cluster: {
      of: async (_cluster, { secret }) =>
        inCluster[secret] && new Set(inCluster[secret]),
    },
    kept: { keys: asked },
    provider: { provide: provided },
  });
  return {
    asked,
    provided,
    look: (...needed: string[]) =>
      check.look([cart(...needed)], place, { dryRun: false }),
  };
}

describe('SecretsCheck', () => {
  it('asks the store only for what the cluster does not have', async () => {
    const { asked, look } = checkOf(
      { cart: ['A'] },
      async () => new Set(['B']),
    );
    expect(await look('A')).toEqual({ needed: 1, missing: [], provided: [] });
    expect(asked).not.toHaveBeenCalled();
    expect(await look('A', 'B')).toEqual({
      needed: 2,
      missing: [],
      provided: [],
    });
    expect(asked).toHaveBeenCalledWith('component:default/cart', 'staging');
  });

  it('says of what is kept, and cannot be brought, why not', async () => {
    const { look } = checkOf({}, async () => new Set(['A']), undefined, [
      ['B', 'B stands in Vault in a shape of its own.'],
    ]);
    const { missing } = await look('A', 'B');
    expect(missing).toEqual([
      'Deployment cart needs B, which is kept for staging and cannot be brought there: B stands in Vault in a shape of its own.',
    ]);
  });

  it('takes what cannot be looked at for no answer, where it is needed', async () => {
    const { look, provided } = checkOf(
      {},
      async () => new Set(['A']),
      undefined,
      [],
      [['B', 'Vault refused it.']],
    );
    expect((await look('A')).missing).toEqual([]);
    await expect(look('A', 'B')).rejects.toThrow(
      'Deployment cart needs B, and it cannot be seen whether cart has that in staging: Vault refused it.',
    );
    expect(provided).not.toHaveBeenCalled();
  });

  it('says what is missing and how to set it', async () => {
    const { look } = checkOf({}, async () => new Set(['A']));
    expect((await look('A', 'B')).missing).toEqual([
      'Deployment cart needs B, which is not set in staging. Set it: platform secrets set cart/B --env staging',
    ]);
  });

  it('does not look for Secrets of others in the store', async () => {
    const { asked, look } = checkOf(
      { shared: ['A'] },
      async () => new Set(['B']),
    );
    expect(await look('shared/A', 'shared/B')).toEqual({
      ...{ needed: 2, provided: [] },
      missing: [
        'Deployment cart needs B of the Secret shared, which the namespace cart-staging does not have. Put it there, or mark the reference as optional.',
      ],
    });
    expect(asked).not.toHaveBeenCalled();
  });

  it('has only the cluster to look at where no store is connected', async () => {
    const { look } = checkOf({}, async () => undefined);
    expect((await look('A')).missing).toEqual([
      expect.stringContaining(
        'A of the Secret cart, which the namespace cart-staging does not have',
      ),
    ]);
  });

  it('takes a store that does not answer for no answer', async () => {
    const { look } = checkOf({}, async () => {
      throw new Error('sealed');
    });
    await expect(look('A')).rejects.toThrow('sealed');
  });

  it('has made what the platform gives, only where it is missing', async () => {
    const { look, provided } = checkOf(
      {},
      async () => new Set(['A']),
      async () => ({
        keys: new Set(['DATABASE_URL']),
        lines: ['The database was made'],
      }),
    );
    await look('A');
    expect(provided).not.toHaveBeenCalled();
    expect(await look('A', 'DATABASE_URL', 'B')).toEqual({
      needed: 3,
      missing: [expect.stringContaining('needs B, which is not set')],
      provided: ['The database was made'],
    });
    expect(provided).toHaveBeenCalledWith(
      ...['component:default/cart', 'staging'],
      { dryRun: false },
    );
  });
});
