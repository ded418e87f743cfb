import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';
import { EnvironmentResource } from './service/EnvironmentResources';
import { Surroundings } from './service/Surroundings';

jest.setTimeout(180_000);

const OUTCOME = 'sandbox.platform.myorg.com/outcome';

describeWithSandbox(
  'environments in a cluster',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;
    /** What the registry lacks */
    const missing = new Set<string>();
    /** What tags lead to */
    const tags = new Map<string, string | Promise<undefined>>();

    beforeAll(async () => {
      world = new EnvironmentWorld({
        images: {
          look: async image => (missing.has(image) ? 'missing' : 'unknown'),
          digestOf: async image => tags.get(image),
        },
        cluster: await sandbox.cluster(),
        settings: {
          registry: 'registry.test:5000',
          quota: { perTeam: 16, total: 20 },
        },
      });
      await world.start();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    it('gives an environment a namespace of its own with limits, its services and their addresses', async () => {
      const name = world.name();
      await world.apply(name, {
        services: [
          {
            name: 'api',
            image: 'myorg/api:1',
            health: '/readyz',
            env: [{ name: 'COLOUR', value: 'red' }],
          },
          { name: 'worker', image: 'other.test/worker:2', public: false },
        ],
      });
      const { status } = await world.untilPhase(name, 'ready');

      expect(status).toMatchObject({
        observedGeneration: 1,
        namespace: `env-${name}`,
        owner: OWNER,
        url: `http://api-${name}.previews.test:8080`,
        message: `It is ready at http://api-${name}.previews.test:8080.`,
        services: [
          {
            name: 'api',
            state: 'ready',
            ready: 1,
            image: 'registry.test:5000/myorg/api:1',
          },
          { name: 'worker', state: 'ready', image: 'other.test/worker:2' },
        ],
      });
      expect(status.services[1].url).toBeUndefined();
      const conditions = status.conditions.map(
        ({ type, status: is }) => `${type} ${is}`,
      );
      expect(conditions).toEqual(
        expect.arrayContaining([
          'Accepted True',
          'ServicesReady True',
          'Ready True',
        ]),
      );

      const namespace = await world.object('namespace', `env-${name}`);
      expect(namespace?.metadata.labels).toMatchObject({
        'pod-security.kubernetes.io/enforce': 'restricted',
      });
      const kinds = await world.cluster.kubectl([
        ...['get', 'resourcequota,limitrange,networkpolicy,ingress', '-o=name'],
        `--namespace=env-${name}`,
      ]);
      expect(kinds.trim().split('\n').sort()).toEqual([
        'ingress.networking.k8s.io/api',
        'limitrange/environment',
        'networkpolicy.networking.k8s.io/environment',
        'resourcequota/environment',
      ]);
    });

    it('writes nothing more to one that is as it should be', async () => {
      const name = world.name();
      await world.apply(name);
      await world.untilPhase(name, 'ready');
      const running = await world.restart();
      world.writes.length = 0;
      const lookedAt = await world.lookAgain(running, name);
      expect(lookedAt).toBeGreaterThan(0);
      expect(world.writes.filter(one => one.includes(name))).toEqual([]);
    });

    it('repairs what somebody changed or removed by hand', async () => {
      const name = world.name();
      await world.apply(name);
      await world.untilPhase(name, 'ready');
      const at = `--namespace=env-${name}`;
      await world.cluster.kubectl([
        'scale',
        'deployment',
        'api',
        '--replicas=3',
        at,
      ]);
      await world.cluster.kubectl([
        'delete',
        'networkpolicy',
        'environment',
        at,
      ]);
      await world.cluster.kubectl([
        'label',
        'service',
        'api',
        'platform.myorg.com/environment-uid-',
        at,
      ]);
      const repaired = async () => {
        const deployment = await world.object(
          'deployment',
          'api',
          `env-${name}`,
        );
        const policy = await world.object(
          'networkpolicy',
          'environment',
          `env-${name}`,
        );
        const service = await world.object('service', 'api', `env-${name}`);
        return (
          deployment?.spec?.replicas === 1 &&
          policy !== undefined &&
          service?.metadata.labels['platform.myorg.com/environment-uid']
        );
      };
      await world.until(repaired, 'the repair');
      expect(await repaired()).toBeTruthy();
    });

    it('brings a changed manifest to what runs, and takes away what it does not name any more', async () => {
      const name = world.name();
      await world.apply(name, {
        services: [
          { name: 'api', image: 'myorg/api:1' },
          { name: 'old', image: 'myorg/old:1' },
        ],
      });
      await world.untilPhase(name, 'ready');
      await world.apply(name, {
        services: [{ name: 'api', image: 'myorg/api:2' }],
      });
      const { status } = await world.untilResource(
        name,
        one =>
          one.status.observedGeneration === 2 && one.status.phase === 'ready',
        'the second generation',
      );
      expect(status.services).toMatchObject([
        { name: 'api', image: 'registry.test:5000/myorg/api:2' },
      ]);
      expect(
        await world.object('deployment', 'old', `env-${name}`),
      ).toBeUndefined();
      expect(
        await world.object('ingress', 'old', `env-${name}`),
      ).toBeUndefined();
      const deployment = await world.object('deployment', 'api', `env-${name}`);
      expect(deployment?.spec?.template?.spec.containers[0].image).toBe(
        'registry.test:5000/myorg/api:2',
      );
    });

    it('says that an image is not there yet, and which service ends again and again', async () => {
      const [absent, broken] = [world.name('absent'), world.name('broken')];
      await world.apply(absent, {}, { [OUTCOME]: 'image-pull-error' });
      await world.apply(broken, {}, { [OUTCOME]: 'crash-loop' });
      const waiting = await world.untilPhase(absent, 'waiting-for-image');
      expect(waiting.status.message).toMatch(
        /^api: Its image .* is not in the registry yet/,
      );
      const failed = await world.untilPhase(broken, 'failed');
      expect(failed.status.message).toMatch(
        /^api: It ends again and again, with exit code 1/,
      );
    });

    it('asks again for an image that was not there, long before a node would', async () => {
      const name = world.name('later');
      await world.apply(name, {}, { [OUTCOME]: 'image-pull-error' });
      await world.untilPhase(name, 'waiting-for-image');
      const pods = async () => {
        const text = await world.cluster.kubectl([
          ...['get', 'pods', '--output=name', `--namespace=env-${name}`],
        ]);
        return text.trim();
      };
      const first = await pods();
      await world.until(
        async () => !(await pods()).includes(first),
        'another pod',
        90_000,
      );
      // The image is there now.
      await world.apply(name, {}, { [OUTCOME]: 'ready' });
      const { status } = await world.untilPhase(name, 'ready');
      expect(status.services[0].state).toBe('ready');
    });

    it('starts a service when its image is in the registry, and lets what runs go on until the next one is', async () => {
      const name = world.name('built');
      const image = (tag: string) => `myorg/${name}:${tag}`;
      const at = (tag: string) => `registry.test:5000/${image(tag)}`;
      const services = (tag: string) => ({
        services: [{ name: 'api', image: image(tag) }],
      });
      missing.add(at('1')).add(at('2'));
      await world.apply(name, services('1'));
      const { status } = await world.untilPhase(name, 'waiting-for-image');
      expect(status.message).toBe(
        `api: Its image ${at(
          '1',
        )} is not in the registry yet. It is looked for every few seconds, and started when it is there.`,
      );
      const running = async () =>
        (await world.object('deployment', 'api', `env-${name}`))?.spec?.template
          ?.spec.containers[0].image;
      expect(await running()).toBeUndefined();
      missing.delete(at('1'));
      await world.untilPhase(name, 'ready');

      await world.apply(name, services('2'));
      const waits = await world.untilPhase(name, 'waiting-for-image');
      expect(waits.status.message).toMatch(/until then what was there before/);
      expect(waits.status.services).toMatchObject([{ ready: 1 }]);
      expect(await running()).toBe(at('1'));
      missing.delete(at('2'));
      await world.untilPhase(name, 'ready');
      expect(await running()).toBe(at('2'));
    });

    it('runs what a tag leads to by now, also where a registry says no more, and writes nothing while it leads there', async () => {
      const name = world.name('moved');
      const image = `registry.test:5000/myorg/${name}:pr-1234`;
      const [first, second] = ['a', 'b'].map(one => `sha256:${one.repeat(64)}`);
      const runs = async () =>
        (await world.object('deployment', 'api', `env-${name}`))?.spec?.template
          ?.spec.containers[0].image;
      tags.set(image, first);
      await world.apply(name, {
        services: [{ name: 'api', image: `myorg/${name}:pr-1234` }],
      });
      const { status } = await world.untilPhase(name, 'ready');
      expect(status.services).toMatchObject([{ image }]);
      expect(await runs()).toBe(`${image}@${first}`);

      world.writes.length = 0;
      const looks = () => world.looks.filter(one => one === name).length;
      const before = looks();
      await world.until(() => looks() > before + 1, 'looks without a reason');
      expect(world.writes.filter(one => one.includes(name))).toEqual([]);

      tags.set(image, second);
      await world.until(
        async () => (await runs()) === `${image}@${second}`,
        'what was pushed',
      );
      await world.untilPhase(name, 'ready');

      // A registry that does not answer is not waited for.
      tags.set(image, new Promise<undefined>(() => {}));
      await world.lookAgain(await world.restart(), name);
      expect(await runs()).toBe(`${image}@${second}`);

      // Whoever takes over does not go back to what a node may have kept.
      tags.delete(image);
      missing.add(image);
      const running = await world.restart();
      await world.lookAgain(running, name);
      expect(await runs()).toBe(`${image}@${second}`);
      expect((await world.get(name))?.status.phase).toBe('ready');
    });

    it('leaves nothing of one that is ended', async () => {
      const name = world.name();
      await world.apply(name);
      await world.untilPhase(name, 'ready');
      await world.resources.delete({ home: world.settings.namespace, name });
      await world.untilResource(
        name,
        one => one.status.phase === 'deleting',
        'its end to begin',
      );
      await world.untilGone(name);
      expect(await world.object('namespace', `env-${name}`)).toBeUndefined();
    });

    it('names what keeps a namespace from going, and lets go of the resource only after it', async () => {
      const name = world.name('stuck');
      await world.apply(name);
      await world.untilPhase(name, 'ready');
      const at = `--namespace=env-${name}`;
      await world.cluster.kubectl(['create', 'configmap', 'held', at]);
      const finalizers = (list: string) =>
        world.cluster.kubectl([
          ...['patch', 'configmap', 'held', '--type=merge', at],
          `--patch={"metadata":{"finalizers":${list}}}`,
        ]);
      await finalizers('["example.com/held"]');
      await world.resources.delete({ home: world.settings.namespace, name });
      const stuck = await world.untilResource(
        name,
        // A cluster that has much to do says a little later what is left.
        ({ status }) =>
          status.conditions.some(
            ({ type, status: is, message }) =>
              type === 'TeardownUnblocked' &&
              is === 'False' &&
              message.includes('example.com/held'),
          ),
        'what is in the way',
        60_000,
      );
      expect(stuck.status.message).toMatch(/example\.com\/held/);
      await finalizers('[]');
      await world.untilGone(name);
    });

    it('says which finalizers of others keep its resource when nothing else is left', async () => {
      const name = world.name();
      await world.apply(name);
      await world.untilPhase(name, 'ready');
      const patch = (operation: object) =>
        world.cluster.kubectl([
          ...['patch', 'environment', name, '--type=json'],
          `--namespace=${world.settings.namespace}`,
          `--patch=${JSON.stringify([operation])}`,
        ]);
      await patch({
        ...{ op: 'add', path: '/metadata/finalizers/-' },
        value: 'example.com/held',
      });
      await world.resources.delete({ home: world.settings.namespace, name });
      const stuck = await world.untilResource(
        name,
        ({ status }) =>
          status.conditions.some(
            ({ type, status: is, message }) =>
              type === 'TeardownUnblocked' &&
              is === 'False' &&
              message.includes('example.com/held'),
          ),
        'what is in the way',
        60_000,
      );
      expect(stuck.status).toMatchObject({
        phase: 'deleting',
        message: `Nothing of it is left but its resource ${name} in ${world.settings.namespace}, which is kept from going by the finalizer example.com/held.`,
      });
      expect(await world.object('namespace', `env-${name}`)).toBeUndefined();
      await patch({ op: 'remove', path: '/metadata/finalizers' });
      await world.untilGone(name);
    });

    it('refuses what can’t be had, says why, and makes nothing', async () => {
      const [elsewhere, database] = [world.name(), world.name()];
      await world.apply(elsewhere, { cluster: 'mars' });
      await world.apply(database, { databases: [{ type: 'postgres' }] });
      const { status } = await world.untilPhase(elsewhere, 'refused');
      expect(status.message).toMatch(/in the cluster test, not in mars/);
      expect(
        await world.object('namespace', `env-${elsewhere}`),
      ).toBeUndefined();
      const other = await world.untilPhase(database, 'refused');
      expect(other.status.message).toMatch(/No databases can be made here yet/);
    });

    it('leaves what runs as it is where it is refused later, and goes on telling where that answers', async () => {
      const name = world.name();
      await world.apply(name);
      const { status: before } = await world.untilPhase(name, 'ready');
      await world.apply(name, { cluster: 'mars' });
      const { status } = await world.untilPhase(name, 'refused');
      expect(status).toMatchObject({
        url: before.url,
        services: before.services,
        message: expect.stringMatching(/in the cluster test, not in mars/),
      });
      const deployment = await world.object('deployment', 'api', `env-${name}`);
      expect(deployment).toBeDefined();
      await world.resources.delete({ home: world.settings.namespace, name });
    });

    it('has nothing of another namespace read, whatever its status says', async () => {
      const [one, other] = ['one', 'other'].map(beginning =>
        world.name(beginning),
      );
      await world.apply(one);
      await world.apply(other);
      const made = await world.untilPhase(one, 'ready');
      const another = await world.untilPhase(other, 'ready');
      const client = world.client();
      const surroundings = new Surroundings({
        ...{ client: () => client, settings: world.settings },
      });
      const read = async (resource: EnvironmentResource) => {
        const events = await surroundings.events(resource);
        const logs = await surroundings.logs(resource, { lines: 10 });
        return [
          events.map(({ about }) => about),
          [...logs.items, ...logs.unread].map(({ pod }) => pod),
        ];
      };
      const [events, pods] = await read(made);
      expect(events).toContain('Deployment api');
      const forged = {
        ...made,
        status: { ...made.status, namespace: another.status.namespace },
      };
      expect(await read(forged)).toEqual([events, pods]);
      // What has the name of the other is not the other.
      expect(await read({ ...made, name: other })).toEqual([[], []]);
      client.close();
    });

    it('puts back the label by which its namespace is known, and ends that also where nobody could', async () => {
      const name = world.name();
      await world.apply(name);
      await world.untilPhase(name, 'ready');
      const uid = 'platform.myorg.com/environment-uid';
      const unlabel = () =>
        world.cluster.kubectl(['label', 'namespace', `env-${name}`, `${uid}-`]);
      const label = async () =>
        (await world.object('namespace', `env-${name}`))?.metadata.labels[uid];
      const before = await label();
      await unlabel();
      await world.until(async () => (await label()) === before, 'the label');
      await world.untilPhase(name, 'ready');

      // Nobody is there to put it back before it is ended.
      await world.stop();
      await unlabel();
      await world.cluster.kubectl([
        ...['delete', 'environments.platform.myorg.com', name, '--wait=false'],
        `--namespace=${world.settings.namespace}`,
      ]);
      await world.start();
      await world.untilGone(name);
      expect(await world.object('namespace', `env-${name}`)).toBeUndefined();
    });

    it('does not take a namespace that somebody else has', async () => {
      const name = world.name();
      await world.cluster.kubectl(['create', 'namespace', `env-${name}`]);
      await world.apply(name);
      const { status } = await world.untilPhase(name, 'refused');
      expect(status.message).toMatch(/is somebody else's/);
      await world.resources.delete({ home: world.settings.namespace, name });
      await world.untilGone(name);
      expect(await world.object('namespace', `env-${name}`)).toBeDefined();
      await world.cluster.kubectl([
        'delete',
        'namespace',
        `env-${name}`,
        '--wait=false',
      ]);
    });
  },
);
