import { SecretValue } from '@highroad/plugin-platform-common';
import { SERVICE_LABEL } from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { VALUES_ANNOTATION } from '../controller/objects/databaseSecret';
import { SecretProblem } from '../controller/SecretSource';
import { ServiceSecrets } from '../controller/ServiceSecrets';
import { targetOf } from '../controller/Target';
import { FollowingSecrets } from './FollowingSecrets';
import { parsePreviewSettings } from './PreviewSettings';
import { readResource } from './readResource';

const settings = parsePreviewSettings({
  ...{ cluster: 'main', secretsFrom: 'staging' },
  url: 'http://{service}-{environment}.previews.test',
});
const CHANGED = {
  ...{ service: 'component:default/cart', environment: 'staging' },
  ...{ keys: ['API_KEY'], deleted: [] as string[] },
};

/** Environments that one process looks after as soon as one of them is changed. */
function world(options: { looksAfter?: boolean } = {}) {
  const { looksAfter = true } = options;
  const clock = { now: Date.parse('2026-11-30T12:00:00Z') };
  const now = () => {
    // Time goes by while somebody waits.
    if (!looksAfter) clock.now += 500;
    return new Date(clock.now);
  };
  const resources = new Map<string, KubernetesObject>();
  const secrets = new Map<string, KubernetesObject>();
  /** What its programs began with, by the environment */
  const running = new Map<string, string>();
  const versions: Record<string, number> = { API_KEY: 1, OTHER: 1 };
  const loans: string[] = [];
  const lacking = new Set<string>();
  const began: string[] = [];
  const notes: string[] = [];
  const trouble = { message: '' };
  const owned = {
    get: (_kind: string, name: string, namespace?: string) =>
      secrets.get(`${namespace}/${name}`),
    of: (_kind: string, uid: string): KubernetesObject[] => {
      const values = running.get(uid);
      if (values === undefined) return [];
      return [
        {
          ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
          metadata: { name: 'cart', labels: { [SERVICE_LABEL]: 'cart' } },
          spec: {
            template: {
              metadata: {
                annotations: { [VALUES_ANNOTATION]: `of-database,${values}` },
              },
            },
          },
        },
      ];
    },
    ensure: async (wanted: KubernetesObject) => {
      const { name, namespace } = wanted.metadata;
      secrets.set(`${namespace}/${name}`, wanted);
      return wanted;
    },
    remove: async () => {},
  };
  const source = {
    newest: async () => ({ ...versions }),
    async lend(_service: string, keys: string[], to: string) {
      loans.push(to);
      if (trouble.message) throw new Error(trouble.message);
      const none = keys.find(key => lacking.has(key));
      if (none) throw new SecretProblem(`cart lacks ${none} in staging.`);
      return new Map(
        keys.map(key => [key, new SecretValue(`v${versions[key]}`)]),
      );
    },
  };
  /** Of the process that looks after environments */
  const leader = () => new ServiceSecrets({ owned, now, secrets: source });
  let serviceSecrets = leader();
  const look = async (name: string) => {
    const resource = readResource(resources.get(name) ?? {});
    if (!resource.spec) throw new Error(resource.problem);
    const target = targetOf(
      resource,
      resource.spec,
      'group:default/x',
      settings,
    );
    serviceSecrets.keepOnly(
      resource.uid,
      resource.spec.services.map(service => service.name),
    );
    for (const service of resource.spec.services) {
      const provided = await serviceSecrets.provide(target, service);
      began.push('values' in provided ? provided.values : provided.missing);
      if ('note' in provided && provided.note) notes.push(provided.note);
    }
  };
  const following = new FollowingSecrets({
    ...{ now, settings, secrets: source },
    cluster: () => ({
      owned,
      environments: {
        list: () => [...resources.values()],
        note: () => {},
      },
      client: {
        async patch({ name }, change) {
          const before = resources.get(name);
          const { metadata } = change as {
            metadata: { annotations: Record<string, string> };
          };
          const after = {
            ...{ apiVersion: 'v1', kind: 'Environment', ...before },
            metadata: { ...before?.metadata, name, ...metadata },
          };
          resources.set(name, after);
          if (looksAfter) await look(name);
          return after;
        },
      },
    }),
  });
  return {
    ...{ clock, versions, loans, lacking, began, notes, running, trouble },
    look,
    restartIn: (uid: string) => serviceSecrets.restartIn(uid),
    /** Another process looks after them from now on. */
    takeOver: () => {
      serviceSecrets = leader();
    },
    held: (name: string) =>
      secrets.get(`env-${name}/cart-secrets`)?.data as
        | Record<string, string>
        | undefined,
    make(name: string, keys: string[], phase = 'ready', service = 'cart') {
      resources.set(name, {
        ...{ apiVersion: 'platform.myorg.com/v1', kind: 'Environment' },
        metadata: {
          ...{ name, namespace: settings.namespace, uid: `uid-${name}` },
          resourceVersion: '1',
          creationTimestamp: '2026-11-30T11:00:00Z',
        },
        spec: {
          ...{ type: 'preview', owner: 'group:default/x' },
          services: [
            {
              ...{ name: service, image: 'cart:1' },
              env: keys.map(key => ({
                name: key,
                secret: { service: 'cart', key },
              })),
            },
          ],
        },
        status: { phase, namespace: `env-${name}` },
      });
    },
    follow: (changed: Partial<typeof CHANGED> = {}) =>
      following.follow(
        { ...CHANGED, ...changed },
        new AbortController().signal,
      ),
    lent: (of: Partial<typeof CHANGED> = {}) =>
      following.lent({ ...CHANGED, ...of }),
  };
}

describe('environments that were lent a secret', () => {
  it('have its new value before they answer, and are named with when their programs restart', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY', 'OTHER']);
    await there.look('pr-1');
    there.clock.now += 1_000;
    there.versions.API_KEY = 2;
    const items = await there.follow();
    expect(there.held('pr-1')).toEqual({ API_KEY: 'v2', OTHER: 'v1' });
    expect(items).toEqual([
      {
        ...{ environment: 'pr-1', cluster: 'main', namespace: 'env-pr-1' },
        ...{ secret: 'cart-secrets', state: 'synced' },
        message: 'lent 2 keys, in env-pr-1',
        restartAt: '2026-11-30T12:00:11.000Z',
      },
    ]);
  });

  it('restart once, ten seconds after the first of several changes', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY', 'OTHER']);
    await there.look('pr-1');
    const [first] = there.began;
    for (const version of [2, 3, 4]) {
      there.clock.now += 3_000;
      there.versions.API_KEY = version;
      await there.follow();
    }
    // The first of them was at 3 s.
    expect(new Set(there.began)).toEqual(new Set([first]));
    expect(there.restartIn('uid-pr-1')).toBe(4_000);
    there.clock.now += 4_000;
    await there.look('pr-1');
    expect(there.restartIn('uid-pr-1')).toBeUndefined();
    expect(new Set(there.began).size).toBe(2);
    expect(there.held('pr-1')?.API_KEY).toBe('v4');
    there.clock.now += 60_000;
    await there.look('pr-1');
    expect(new Set(there.began).size).toBe(2);
  });

  it('restart once too where nobody looked after them when it was time, and values have changed again', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY']);
    await there.look('pr-1');
    const [first] = there.began;
    there.running.set('uid-pr-1', first);
    there.versions.API_KEY = 2;
    await there.follow();
    there.clock.now += 60_000;
    there.takeOver();
    there.versions.API_KEY = 3;
    await there.look('pr-1');
    expect(there.began.slice(-1)).toEqual([first]);
    expect(there.restartIn('uid-pr-1')).toBe(10_000);
    there.clock.now += 10_000;
    await there.look('pr-1');
    expect(new Set(there.began).size).toBe(2);
    expect(there.held('pr-1')?.API_KEY).toBe('v3');
    // Once they have it, what changes is counted from that.
    const [last] = there.began.slice(-1);
    there.running.set('uid-pr-1', last);
    there.clock.now += 60_000;
    there.versions.API_KEY = 4;
    await there.look('pr-1');
    expect(there.began.slice(-1)).toEqual([last]);
  });

  it('are behind where nobody restarts them when it is time, until they have what they were lent', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY']);
    await there.look('pr-1');
    const [first] = there.began;
    there.running.set('uid-pr-1', first);
    there.versions.API_KEY = 2;
    expect(await there.follow()).toMatchObject([
      { state: 'synced', restartAt: expect.any(String) },
    ]);
    there.clock.now += 60_000;
    const [late] = await there.follow();
    expect(late).toMatchObject({
      ...{ environment: 'pr-1', state: 'behind' },
      message: expect.stringMatching(/still have what they began with/),
    });
    expect(late.restartAt).toBeUndefined();
    await there.look('pr-1');
    const [last] = there.began.slice(-1);
    expect(last).not.toBe(first);
    there.running.set('uid-pr-1', last);
    expect(await there.follow()).toMatchObject([{ state: 'synced' }]);
  });

  it('are tried again at once where what they are to be lent could not be asked for', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY']);
    await there.look('pr-1');
    there.clock.now += 11_000;
    there.versions.API_KEY = 2;
    there.trouble.message = 'The portal does not answer.';
    await expect(there.look('pr-1')).rejects.toThrow('does not answer');
    there.trouble.message = '';
    await there.look('pr-1');
    expect(there.held('pr-1')?.API_KEY).toBe('v2');
  });

  it('are looked after as before once a service is dropped that was to restart', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY']);
    await there.look('pr-1');
    there.versions.API_KEY = 2;
    await there.follow();
    expect(there.restartIn('uid-pr-1')).toBe(10_000);
    // What is late is not looked after without a pause either.
    there.clock.now += 11_000;
    expect(there.restartIn('uid-pr-1')).toBeGreaterThan(0);
    there.make('pr-1', [], 'ready', 'shop');
    await there.look('pr-1');
    expect(there.restartIn('uid-pr-1')).toBeUndefined();
  });

  it('are left alone where they ask for other keys, are refused, or are lent from elsewhere', async () => {
    const there = world();
    there.make('other', ['OTHER']);
    there.make('refused', ['API_KEY'], 'refused');
    expect(await there.follow()).toEqual([]);
    there.make('pr-1', ['API_KEY']);
    expect(await there.follow({ environment: 'testing' })).toEqual([]);
    const elsewhere = { service: 'component:default/shop' };
    expect(await there.follow(elsewhere)).toEqual([]);
    expect(there.loans).toEqual([]);
  });

  it('are named with all keys that they are given, until they are refused or gone', async () => {
    const there = world();
    there.make('pr-2', ['API_KEY', 'OTHER']);
    there.make('pr-1', ['OTHER']);
    there.make('refused', ['API_KEY'], 'refused');
    there.make('none', []);
    expect(there.lent()).toEqual([
      { environment: 'pr-1', keys: ['OTHER'] },
      { environment: 'pr-2', keys: ['API_KEY', 'OTHER'] },
    ]);
    expect(there.lent({ environment: 'testing' })).toEqual([]);
    expect(there.lent({ service: 'component:default/shop' })).toEqual([]);
  });

  it('are behind where they were lent it before, and are refused since', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY']);
    await there.look('pr-1');
    there.make('pr-1', ['API_KEY'], 'refused');
    there.versions.API_KEY = 2;
    expect(await there.follow()).toMatchObject([
      {
        ...{ environment: 'pr-1', state: 'behind' },
        message: expect.stringMatching(/keeps what it was lent.*is refused/),
      },
    ]);
    // Nothing is done about it.
    expect(there.loans).toHaveLength(1);
    expect(there.held('pr-1')?.API_KEY).toBe('v1');
  });

  it('are behind where nobody looks after them in time', async () => {
    const there = world({ looksAfter: false });
    there.make('pr-1', ['API_KEY']);
    await there.look('pr-1');
    there.versions.API_KEY = 2;
    expect(await there.follow()).toMatchObject([
      { environment: 'pr-1', state: 'behind' },
    ]);
    // It is not forgotten.
    await there.look('pr-1');
    expect(there.held('pr-1')?.API_KEY).toBe('v2');
  });

  it('keep what they were lent of a key that is deleted, and it is said so', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY']);
    there.make('new', ['API_KEY']);
    await there.look('pr-1');
    expect(await there.follow({ deleted: ['API_KEY'] })).toMatchObject([
      {
        ...{ environment: 'pr-1', state: 'behind' },
        message:
          'It keeps what it was lent before: API_KEY is deleted in staging.',
      },
      { environment: 'new', state: 'waiting' },
    ]);
    expect(there.held('pr-1')?.API_KEY).toBe('v1');
  });

  it('keep what they were lent where the new value cannot be had, say why, and take it when it can', async () => {
    const there = world();
    there.make('pr-1', ['API_KEY']);
    await there.look('pr-1');
    there.lacking.add('API_KEY');
    there.versions.API_KEY = 2;
    there.clock.now += 11_000;
    await there.look('pr-1');
    await there.look('pr-1');
    const note =
      'Its secrets are as they were lent before. cart lacks API_KEY in staging.';
    expect(there.notes).toEqual([note, note]);
    expect(new Set(there.began).size).toBe(1);
    // It is not asked for again and again: each time is recorded.
    expect(there.loans).toHaveLength(2);
    there.lacking.clear();
    there.versions.API_KEY = 3;
    there.clock.now += 11_000;
    await there.look('pr-1');
    expect(there.held('pr-1')).toEqual({ API_KEY: 'v3' });
    expect(there.notes).toHaveLength(2);
  });

  it('that waited for a key have it as soon as it is put back', async () => {
    const there = world();
    there.lacking.add('API_KEY');
    there.make('pr-1', ['API_KEY']);
    await there.look('pr-1');
    expect(there.held('pr-1')).toBeUndefined();
    there.lacking.clear();
    there.clock.now += 1_000;
    expect(await there.follow()).toMatchObject([{ state: 'synced' }]);
    expect(there.held('pr-1')).toEqual({ API_KEY: 'v1' });
  });
});
