import { SyncItem, SyncMemory } from '../../database/SyncStore';
import { SyncFollowers } from './SyncFollowers';

const path = {
  service: 'component:default/cart',
  environment: 'staging',
  key: 'URL',
};
const REPLACED = '2026-11-30T12:00:00.000Z';

describe('programs that follow a new value', () => {
  let items: SyncItem[];
  let facts: { version: number; readable: boolean };
  /** When Vault made the newest version */
  let madeAt: string;
  /** What clusters answer */
  let restarting: string[];
  let before: string[];
  /** What they were asked */
  let asked: object[];
  let clusters: string[];

  const item = (
    memory: Partial<SyncMemory>,
    environment = 'staging',
  ): SyncItem => ({
    ...{ id: 1, generation: 1, token: 1 },
    place: {
      ...{ service: path.service, environment, cluster: 'main' },
      ...{ namespace: `cart-${environment}`, secret: 'cart' },
    },
    memory: {
      ...{ state: 'synced', message: '1 key', tries: 0 },
      ...{ versions: { URL: 2 }, weighed: {}, replacedAt: {} },
      ...memory,
    },
  });
  const behind = () =>
    new SyncFollowers({
      clusters: {
        knows: cluster => clusters.includes(cluster),
        restarting: async () => restarting,
        before: async (_, changed) => {
          asked.push(changed);
          return before;
        },
      },
      syncs: { list: async () => items },
      vault: {
        facts: async () => ({
          ...facts,
          versions: [{ version: facts.version, at: madeAt, state: 'readable' }],
        }),
      },
    }).behind(path);

  beforeEach(() => {
    facts = { version: 2, readable: true };
    madeAt = '2026-11-30T11:00:00.5Z';
    [restarting, before, asked] = [[], [], []];
    clusters = ['main'];
    items = [item({})];
  });

  it('are behind while the Secret lacks the newest version, though it was well when it was last looked at', async () => {
    expect(await behind()).toBeUndefined();
    // As it is where a process was gone right after it wrote to Vault.
    items = [item({ versions: { URL: 1 } })];
    expect(await behind()).toBe(
      'The Secret cart in cart-staging does not have the newest value yet.',
    );
    items = [item({ versions: { URL: 1 } }, 'qa')];
    expect(await behind()).toBeUndefined();
  });

  it('are behind while the Secret has another version of the same number, where the key began again', async () => {
    items = [item({ made: { URL: madeAt } })];
    expect(await behind()).toBeUndefined();
    madeAt = '2026-11-30T11:30:00Z';
    expect(await behind()).toBe(
      'The Secret cart in cart-staging does not have the newest value yet.',
    );
  });

  it('are behind while the Secret still has what was deleted', async () => {
    facts.readable = false;
    expect(await behind()).toMatch(/does not have the newest value yet/);
    items = [item({ versions: {} })];
    expect(await behind()).toBeUndefined();
  });

  it('are behind where it fails, until they were restarted, and while they restart', async () => {
    const down = 'The cluster does not answer.';
    items = [item({ state: 'behind', message: down, tries: 3 })];
    expect(await behind()).toBe(down);
    items = [item({ restartAt: REPLACED })];
    expect(await behind()).toBe('Programs are about to be restarted.');
    items = [item({})];
    restarting = ['Deployment cart'];
    expect(await behind()).toBe('Deployment cart still restarts.');
    // What does not run there yet has nothing.
    items = [item({ state: 'waiting', versions: {} })];
    expect(await behind()).toBeUndefined();
  });

  it('are behind while some run that began before the Secret had it', async () => {
    before = ['Pod job-1', 'Pod job-2', 'Pod job-3', 'Pod job-4'];
    expect(await behind()).toBeUndefined();
    items = [item({ replacedAt: { URL: REPLACED, OTHER: REPLACED } })];
    expect(await behind()).toBe(
      'Pod job-1, Pod job-2, Pod job-3 and 1 more in cart-staging began before it was replaced, and still run.',
    );
    expect(asked).toEqual([{ keys: ['URL'], since: new Date(REPLACED) }]);
    before = [];
    expect(await behind()).toBeUndefined();
    // Deleted since, it is no newer for them.
    facts.readable = false;
    before = ['Pod job-1'];
    items = [item({ versions: {}, replacedAt: { URL: REPLACED } })];
    expect(await behind()).toBe(
      'Pod job-1 in cart-staging began before it was replaced, and still runs.',
    );
  });

  it('are behind where they were left with an earlier value and still run, as long as the cluster is configured', async () => {
    items = [item({ state: 'left', versions: { URL: 1 } })];
    expect(await behind()).toBeUndefined();
    before = ['Pod cart-1'];
    expect(await behind()).toBe(
      'Pod cart-1 in cart-staging of main had an earlier value when that was left, and gets no newer one. Delete the namespace, or configure the environment again.',
    );
    // Nobody restarts them any more.
    items = [item({ state: 'left', restartAt: REPLACED })];
    expect(await behind()).toMatch(/when that was left/);
    clusters = [];
    expect(await behind()).toBeUndefined();
    clusters = ['main'];
    items = [item({ state: 'left' })];
    expect(await behind()).toBeUndefined();
    restarting = ['Deployment cart'];
    expect(await behind()).toBe('Deployment cart still restarts.');
  });

  it('are behind at the place before of an environment that was moved, while something runs there that had an earlier value', async () => {
    items = [item({}), item({ state: 'left', versions: { URL: 1 } })];
    expect(await behind()).toBeUndefined();
    before = ['Pod cart-1'];
    expect(await behind()).toMatch(/had an earlier value when that was left/);
  });
});
