import { SecretValue } from '@highroad/plugin-platform-common';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';
import { SecretProblem, SecretSource } from './controller/SecretSource';
import { FollowingSecrets } from './service/FollowingSecrets';
import { setTimeout as sleep } from 'node:timers/promises';

const VALUE = 'c2VjcmV0LW9mLXRoZS1jYXJ0';

describeWithSandbox(
  'secrets of services in environments',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;
    const loans: string[] = [];
    const versions: Record<string, number> = {};
    let value = VALUE;
    const removed = new Set<string>();
    let answers = true;
    const secrets: SecretSource = {
      ownerOf: async service =>
        service === 'component:default/cart' ? OWNER : 'group:default/bank',
      async newest() {
        if (!answers) throw new Error('The portal does not answer.');
        return { ...versions };
      },
      async lend(service, keys, to) {
        loans.push(`${service} ${keys} to ${to}`);
        const none = keys.find(key => key === 'NONE' || removed.has(key));
        if (none) {
          throw new SecretProblem(`cart lacks ${none} in staging. Set it.`);
        }
        return new Map(keys.map(key => [key, new SecretValue(value)]));
      },
    };

    beforeAll(async () => {
      world = new EnvironmentWorld({
        ...{ cluster: await sandbox.cluster(), secrets },
        settings: { secretsFrom: 'staging' },
      });
      await world.start();
    });
    afterAll(() => world.cleanUp());

    const asking = (
      service: string,
      secret: { service: string; key: string },
    ) => ({
      services: [
        {
          ...{ name: service, image: 'myorg/cart:1' },
          env: [{ name: 'TOKEN', secret }],
        },
      ],
    });
    const own = { service: 'component:default/cart', key: 'API_TOKEN' };

    it('are lent to the service that they are of, once, and are nowhere but in its Secret', async () => {
      const name = world.name('lent');
      await world.apply(name, asking('cart', own));
      await world.untilPhase(name, 'ready');
      const namespace = `env-${name}`;
      const secret = await world.object('secret', 'cart-secrets', namespace);
      expect(secret?.data).toEqual({ TOKEN: VALUE });
      const deployment = await world.object('deployment', 'cart', namespace);
      expect(deployment?.spec?.template?.spec.containers[0].env).toContainEqual(
        {
          name: 'TOKEN',
          valueFrom: { secretKeyRef: { name: 'cart-secrets', key: 'TOKEN' } },
        },
      );
      const running = await world.restart();
      await world.lookAgain(running, name);
      expect(loans.filter(one => one.endsWith(name))).toEqual([
        `component:default/cart API_TOKEN to ${name}`,
      ]);
      const all = await world.cluster.kubectl([
        ...['get', 'env,deployment,event', '--output=yaml'],
        ...['--all-namespaces'],
      ]);
      expect(all).not.toContain(VALUE);
      expect(all).not.toContain(Buffer.from(VALUE, 'base64').toString());

      await world.apply(name, {
        services: [{ name: 'cart', image: 'myorg/cart:1' }],
      });
      await world.until(
        async () => !(await world.object('secret', 'cart-secrets', namespace)),
        'the end of the loan',
      );
    });

    it('go with the service that was lent them', async () => {
      const name = world.name('dropped');
      const namespace = `env-${name}`;
      await world.apply(name, asking('cart', own));
      await world.untilPhase(name, 'ready');
      expect(
        await world.object('secret', 'cart-secrets', namespace),
      ).toBeDefined();
      await world.apply(name, {
        services: [{ name: 'shop', image: 'myorg/shop:1' }],
      });
      await world.until(
        async () => !(await world.object('secret', 'cart-secrets', namespace)),
        'the end of the loan',
      );
    });

    it('follow values that change, several of them with one restart', async () => {
      const name = world.name('changed');
      const namespace = `env-${name}`;
      const spec = asking('cart', own);
      spec.services[0].env.push({
        name: 'OTHER',
        secret: { ...own, key: 'OTHER' },
      });
      await world.apply(name, spec);
      await world.untilPhase(name, 'ready');
      const generation = async () =>
        (await world.object('deployment', 'cart', namespace))?.metadata
          .generation ?? 0;
      const before = await generation();
      const changed = Buffer.from('another').toString('base64');
      value = changed;
      versions.API_TOKEN = 2;
      // What nobody asks for here is nothing to restart for.
      versions.UNUSED = 7;
      await sleep(4_000);
      versions.OTHER = 2;
      await world.until(
        async () =>
          (
            await world.object('secret', 'cart-secrets', namespace)
          )?.data?.OTHER === changed,
        'the new values',
        40_000,
      );
      await world.until(
        async () => (await generation()) > before,
        'the restart',
        40_000,
      );
      await world.untilPhase(name, 'ready');
      await sleep(12_000);
      expect(await generation()).toBe(before + 1);
      value = VALUE;
    });

    it('follow a value at once where it is told that it has changed, by whichever process', async () => {
      const name = world.name('told');
      const namespace = `env-${name}`;
      const running = await world.restart();
      await world.apply(name, asking('cart', own));
      await world.untilPhase(name, 'ready');
      const now = () => new Date();
      const following = new FollowingSecrets({
        ...{ now, secrets, settings: world.settings },
        cluster: () => ({
          client: world.client(),
          environments: running.environments,
          owned: running.owned,
        }),
      });
      value = Buffer.from('told').toString('base64');
      versions.API_TOKEN = (versions.API_TOKEN ?? 0) + 1;
      const items = await following.follow(
        {
          ...{ service: own.service, environment: 'staging' },
          ...{ keys: ['API_TOKEN'], deleted: [] },
        },
        new AbortController().signal,
      );
      const mine = items.filter(({ environment }) => environment === name);
      expect(mine).toMatchObject([{ namespace, state: 'synced' }]);
      const secret = await world.object('secret', 'cart-secrets', namespace);
      expect(secret?.data).toEqual({ TOKEN: value });
      value = VALUE;
    });

    it('stay as they were lent where they are removed, or nobody answers, and it is said why', async () => {
      const name = world.name('removed');
      await world.apply(name, asking('cart', own));
      await world.untilPhase(name, 'ready');
      const told = (words: string) =>
        world.untilResource(
          name,
          ({ status }) => status.services[0]?.message?.includes(words) ?? false,
          words,
        );
      answers = false;
      const unanswered = await told('could not be asked');
      expect(unanswered.status.phase).toBe('ready');
      answers = true;
      removed.add('API_TOKEN');
      versions.API_TOKEN += 1;
      const without = await told('cart lacks API_TOKEN in staging.');
      expect(without.status.phase).toBe('ready');
      removed.clear();
      versions.API_TOKEN += 1;
      await world.untilResource(
        name,
        ({ status }) => status.services[0]?.message === undefined,
        'the end of what was said',
      );
    });

    it('are waited for where there are none, and it is said which', async () => {
      const name = world.name('lacking');
      await world.apply(name, asking('cart', { ...own, key: 'NONE' }));
      const { status } = await world.untilResource(
        name,
        one => one.status.services[0]?.message !== undefined,
        'what is missing',
      );
      expect(status.message).toBe('cart: cart lacks NONE in staging. Set it.');
      expect(
        await world.object('deployment', 'cart', `env-${name}`),
      ).toBeUndefined();
    });

    it('of others are refused, by the cluster and by the controller', async () => {
      const refused = world.cluster.kubectl(
        ['apply', '--filename=-'],
        JSON.stringify(
          world.manifest(world.name('foreign'), {
            ...{ owner: OWNER },
            ...asking('cart', { ...own, service: 'component:default/vault' }),
          }),
        ),
      );
      await expect(refused).rejects.toThrow(/secrets of their own only/);
      // Its name is that of another team's service.
      const [name, fork] = [world.name('named'), world.name('fork')];
      await world.apply(
        name,
        asking('vault', { service: 'vault', key: 'TOKEN' }),
      );
      const named = await world.untilPhase(name, 'refused');
      expect(named.status.message).toMatch(
        /component:default\/vault is group:default\/bank's/,
      );
      await world.apply(fork, {
        ...asking('cart', own),
        pullRequest: {
          ...{ host: 'git.test', repository: 'shop/cart', number: 7 },
          ...{ branch: 'main', commit: 'a'.repeat(40), fork: true },
        },
      });
      const ofFork = await world.untilPhase(fork, 'refused');
      expect(ofFork.status.message).toMatch(/comes from a fork/);
      expect(loans.filter(one => /named|fork/.test(one))).toEqual([]);
    });
  },
);
