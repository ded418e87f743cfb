import { describeWithSandbox } from '@highroad/sandbox/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  EngineRefusedError,
  KubernetesObject,
  Observation,
} from '@highroad/plugin-deployments-node';
import { engineWorld, podSpec } from './__testUtils__/engineWorld';

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ deletionTimestamp: z.string().optional() }),
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  ),
});

const labels = { 'app.kubernetes.io/name': 'cart' };
const template = (image: string, annotations = {}) => ({
  metadata: { labels, annotations },
  spec: podSpec('cart', image),
});
const deployment = (
  image: string,
  annotations = {},
  spec = {},
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: template(image, annotations),
    ...spec,
  },
});
const rollout = (image: string, annotations = {}): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'cart' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: template(image, annotations),
    strategy: {
      canary: { steps: [{ setWeight: 50 }, { pause: {} }] },
    },
  },
});
const configMap = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { colour: 'red' },
});

describeWithSandbox(
  'applying to a cluster',
  ['cluster', 'simulated-node'],
  sandbox => {
    const world = engineWorld(sandbox, 'cart');

    const apply = (objects: KubernetesObject[], id = 'd-1') =>
      world.engine.apply(world.destination, objects, { deployment: id });
    const until = async (
      objects: KubernetesObject[],
      is: (seen: Observation) => boolean,
    ) => {
      const seen: Observation[] = [];
      for (let tries = 0; tries < 300; tries++) {
        const one = await world.engine.observe(world.destination, objects);
        seen.push(one);
        if (is(one)) return { last: one, seen };
        await sleep(150);
      }
      throw new Error(JSON.stringify(seen.at(-1)));
    };
    /** A second version of a canary, at the pause that is its second step of six. */
    const pausedAtFirst = async () => {
      const steps = [25, 50, 75].flatMap(setWeight => [
        { setWeight },
        { pause: {} },
      ]);
      const canary = (image: string) => [
        {
          ...rollout(image),
          spec: {
            replicas: 4,
            selector: { matchLabels: labels },
            template: template(image),
            strategy: { canary: { steps } },
          },
        },
      ];
      await apply(canary('cart:1'));
      await until(canary('cart:1'), one => one.verdict === 'ready');
      const steered = canary('cart:2');
      await apply(steered, 'd-2');
      await until(steered, one => one.verdict === 'paused');
      const stepOf = async () =>
        Number(
          await world.kubectl([
            ...['get', 'rollout', 'cart', '-n', world.destination.namespace],
            ...['-o', 'jsonpath={.status.currentStepIndex}'],
          ]),
        );
      return { steered, stepOf };
    };

    it('makes the namespace with quota and Pod Security, as often as it is asked', async () => {
      await world.engine.prepare(world.destination);
      const found = JSON.stringify(
        await world.kubectl([
          'get',
          'namespace',
          world.destination.namespace,
          '-o',
          'json',
        ]),
      );
      expect(found).toContain('pod-security.kubernetes.io/enforce');
      expect(found).toContain('restricted');
    });

    it('watches over workloads that say otherwise than by labels which pods are theirs', async () => {
      const byExpression = deployment(
        'cart:1',
        {},
        {
          selector: {
            matchExpressions: [
              {
                ...{ key: 'app.kubernetes.io/name', operator: 'In' },
                values: ['cart'],
              },
            ],
          },
        },
      );
      await apply([byExpression]);
      const one = await until([byExpression], seen => seen.verdict === 'ready');
      expect(one.last.pods.hashes).toHaveLength(1);
      expect(one.last.progress).toMatchObject({ wanted: 2, ready: 2 });
    });

    it('watches over a Rollout that takes its pods from a Deployment', async () => {
      const { strategy } = z
        .object({ strategy: z.unknown() })
        .parse(rollout('cart:1').spec);
      const objects: KubernetesObject[] = [
        deployment('cart:1', {}, { replicas: 0 }),
        {
          ...rollout('cart:1'),
          spec: {
            ...{ replicas: 2, strategy },
            workloadRef: {
              ...{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
            },
          },
        },
      ];
      await apply(objects);
      const { last } = await until(objects, seen => seen.verdict === 'ready');
      expect(last.progress).toMatchObject({ wanted: 2, ready: 2 });
    });

    it('leaves a namespace alone that is another’s, whether the platform made it or somebody else', async () => {
      await apply([configMap('kept')]);
      for (const other of [
        { service: 'component:evil/cart' },
        { environment: 'other' },
      ]) {
        const stranger = { ...world.destination, ...other };
        await expect(world.engine.prepare(stranger)).rejects.toThrow(
          /belongs to component:default\/cart in test/,
        );
      }
      const { namespace } = await sandbox.cluster();
      await expect(
        world.engine.prepare({ ...world.destination, namespace }),
      ).rejects.toThrow(/belongs to somebody who made it without the platform/);
    });

    it('sees a Deployment become ready, and not before the cluster has seen it', async () => {
      const objects = [deployment('cart:1')];
      expect(await apply(objects)).toEqual(['applied Deployment cart']);
      const { last } = await until(objects, one => one.verdict === 'ready');
      expect(last).toMatchObject({
        summary: '2 of 2 pods are ready',
        progress: { wanted: 2, updated: 2, ready: 2, paused: false },
      });
      await apply([deployment('cart:2')], 'd-2');
      await until(objects, one => one.verdict === 'ready');
      // What was ready before belonged to the version before: it does not count.
      const { items } = podsSchema.parse(
        JSON.parse(
          String(
            await world.kubectl([
              `--namespace=${world.destination.namespace}`,
              ...['get', 'pods', '-o', 'json'],
            ]),
          ),
        ),
      );
      const staying = items.filter(pod => !pod.metadata.deletionTimestamp);
      expect(
        staying.flatMap(pod => pod.spec.containers.map(({ image }) => image)),
      ).toEqual(['cart:2', 'cart:2']);
    });

    it('counts the pods of the new version alone while the old ones still serve', async () => {
      const first = [deployment('cart:1')];
      await apply(first);
      await until(first, one => one.verdict === 'ready');
      const bad = [
        deployment('cart:2', {
          'sandbox.platform.myorg.com/outcome': 'image-pull-error',
        }),
      ];
      await apply(bad, 'd-2');
      const { seen } = await until(bad, one => one.verdict === 'failed');
      expect(seen.map(({ progress }) => progress.ready)).toEqual(
        seen.map(() => 0),
      );
      expect(seen.at(-1)?.pods).toEqual({
        hashes: [expect.stringMatching(/^[0-9a-z]+$/)],
        ...{ restarts: 0, lost: [] },
      });
    });

    it('knows whether exactly what was applied is there still', async () => {
      const objects = [deployment('cart:1'), configMap('settings')];
      const holds = (wanted: KubernetesObject[], id: string) =>
        world.engine.holds(world.destination, wanted, { deployment: id });
      expect(await holds(objects, 'd-1')).toBe(false);
      await apply(objects);
      await until(objects, one => one.verdict === 'ready');
      expect(await holds(objects, 'd-1')).toBe(true);
      expect(await holds(objects, 'd-2')).toBe(false);
      expect(await holds(objects.slice(1), 'd-1')).toBe(false);
      expect(await holds([deployment('cart:2'), objects[1]], 'd-1')).toBe(
        false,
      );
      await world.kubectl([
        ...[
          '-n',
          world.destination.namespace,
          'patch',
          'configmap',
          'settings',
        ],
        ...['--type=merge', '-p', '{"data":{"colour":"blue"}}'],
      ]);
      expect(await holds(objects, 'd-1')).toBe(false);
      await world.kubectl([
        ...[
          '-n',
          world.destination.namespace,
          'delete',
          'configmap',
          'settings',
        ],
      ]);
      expect(await holds(objects, 'd-1')).toBe(false);
    });

    it('says why pods do not come up, without waiting for the deadline', async () => {
      const outcome = 'sandbox.platform.myorg.com/outcome';
      const pull = [deployment('cart:1', { [outcome]: 'image-pull-error' })];
      await apply(pull);
      const { last } = await until(pull, one => one.verdict === 'failed');
      expect(last.summary).toBe(
        'The image of cart cannot be pulled (ImagePullBackOff)',
      );
      const crash = [deployment('cart:2', { [outcome]: 'crash-loop' })];
      await apply(crash, 'd-2');
      const crashed = await until(
        crash,
        one => one.verdict === 'failed' && one.summary.includes('crash'),
      );
      expect(crashed.last.summary).toMatch(/^cart crashes again and again/);
    });

    // Less than Pod Security asks for, and more than the namespace's quota of 20 lets through.
    const unsafe = { containers: [{ name: 'cart', image: 'cart:1' }] };
    const large = podSpec('cart', 'cart:1', { cpu: '25', memory: '16Mi' });
    const strategies = {
      canary: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } },
      'blue-green': {
        blueGreen: { activeService: 'cart', autoPromotionEnabled: false },
      },
    };
    const workload = (
      kind: 'Deployment' | keyof typeof strategies,
      spec: object,
    ): KubernetesObject[] => {
      const pods = { template: { metadata: { labels }, spec } };
      if (kind === 'Deployment') return [deployment('cart:1', {}, pods)];
      return [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'cart' },
          spec: { selector: labels, ports: [{ port: 80 }] },
        },
        {
          ...rollout('cart:1'),
          spec: {
            ...{ replicas: 2, selector: { matchLabels: labels } },
            ...pods,
            strategy: strategies[kind],
          },
        },
      ];
    };
    const QUOTA =
      /exceeded quota: highroad, requested: requests\.cpu=25, used: requests\.cpu=0, limited: requests\.cpu=20/;

    it.each([
      ['Deployment', 'Pod Security', unsafe, /violates PodSecurity/],
      ['canary', 'Pod Security', unsafe, /violates PodSecurity/],
      ['blue-green', 'Pod Security', unsafe, /violates PodSecurity/],
      ['Deployment', 'the quota', large, QUOTA],
      ['canary', 'the quota', large, QUOTA],
      ['blue-green', 'the quota', large, QUOTA],
    ] as const)(
      'says at once that the cluster does not let the pods of a %s be made, because of %s',
      async (kind, _whose, spec, why) => {
        const objects = workload(kind, spec);
        await apply(objects);
        const { last } = await until(objects, one => one.verdict === 'failed');
        expect(last.summary).toBe('The cluster does not let the pods be made');
        expect(last.evidence.join()).toMatch(why);
      },
    );

    it('removes what the manifests do not hold any more, and nothing that is not ours', async () => {
      const theirs = ['create', 'configmap', 'theirs', '-n'];
      await world.kubectl([...theirs, world.destination.namespace]);
      await apply([configMap('old'), configMap('kept')]);
      expect(await apply([configMap('kept')], 'd-2')).toEqual([
        'applied ConfigMap kept',
        'removed ConfigMap old',
      ]);
      const names = JSON.stringify(
        await world.kubectl([
          ...['get', 'configmap', '-o', 'name', '-n'],
          world.destination.namespace,
        ]),
      );
      expect(names).toContain('configmap/kept');
      expect(names).toContain('configmap/theirs');
      expect(names).not.toContain('configmap/old');
    });

    it('reports what somebody else manages, instead of taking it', async () => {
      await apply([configMap('shared')]);
      await world.kubectl(
        [
          `--namespace=${world.destination.namespace}`,
          'apply',
          '--server-side',
          '--field-manager=someone',
          '--force-conflicts',
          '-f',
          '-',
        ],
        JSON.stringify({
          ...configMap('shared'),
          metadata: { name: 'shared', namespace: world.destination.namespace },
          data: { colour: 'blue' },
        }),
      );
      await expect(apply([configMap('shared')], 'd-2')).rejects.toThrow(
        /Somebody else manages .*\.data\.colour.*someone/s,
      );
      const conflicts = (object: KubernetesObject) =>
        world.engine.conflicts(world.destination, [object], {
          deployment: 'd-2',
        });
      expect(await conflicts(configMap('not-there'))).toEqual([]);
      expect(await conflicts(configMap('shared'))).toEqual([
        expect.stringMatching(/^ConfigMap shared \.data\.colour: .*"someone"/),
      ]);
      await world.engine.apply(world.destination, [configMap('shared')], {
        ...{ deployment: 'd-2', takeOver: true },
      });
      expect(await conflicts(configMap('shared'))).toEqual([]);
      expect(
        await world.kubectl([
          ...['get', 'configmap', 'shared', '-n', world.destination.namespace],
          ...['-o', 'jsonpath={.data.colour}'],
        ]),
      ).toBe('red');
    });

    it.each<[string, KubernetesObject]>([
      [
        'a ClusterRoleBinding',
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRoleBinding',
          metadata: { name: 'all-of-it' },
          roleRef: {
            apiGroup: 'rbac.authorization.k8s.io',
            kind: 'ClusterRole',
            name: 'cluster-admin',
          },
          subjects: [],
        },
      ],
      [
        'a RoleBinding',
        {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: 'more' },
          roleRef: {
            apiGroup: 'rbac.authorization.k8s.io',
            kind: 'ClusterRole',
            name: 'edit',
          },
          subjects: [],
        },
      ],
      [
        'a Secret',
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'stolen' } },
      ],
      [
        'a Pod',
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'loose' },
          spec: { containers: [{ name: 'x', image: 'x' }] },
        },
      ],
    ])(
      'does not get %s into the cluster, even past all checks',
      async (_, object) => {
        const refused = apply([object]);
        await expect(refused).rejects.toThrow(EngineRefusedError);
        await expect(refused).rejects.toThrow(/forbidden/);
      },
    );

    it('shifts a canary, waits where it pauses, goes on, and stops when told to', async () => {
      const first = [rollout('cart:1')];
      await apply(first);
      await until(first, one => one.verdict === 'ready');
      const second = [rollout('cart:2')];
      await apply(second, 'd-2');
      const paused = await until(second, one => one.verdict === 'paused');
      expect(paused.last.progress).toMatchObject({
        weight: 50,
        step: 2,
        steps: 2,
      });
      const aim = await world.engine.aim(world.destination, second, 'promote');
      expect(aim).toEqual({ cart: 2 });
      await world.engine.steer(world.destination, second, 'promote', { aim });
      // Another worker does it again.
      await world.engine.steer(world.destination, second, 'promote', { aim });
      await until(second, one => one.verdict === 'ready');
      const third = [rollout('cart:3')];
      await apply(third, 'd-3');
      await until(third, one => one.verdict === 'paused');
      await world.engine.steer(world.destination, third, 'abort');
      const { last } = await until(third, one => one.verdict === 'failed');
      expect(last.summary).toContain('aborted');
      // What ran before is put back by applying it again.
      await apply(second, 'd-4');
      await until(second, one => one.verdict === 'ready');
    });

    it('is led no further than to where it was to be, however often', async () => {
      const { steered, stepOf } = await pausedAtFirst();
      const aim = await world.engine.aim(world.destination, steered, 'skip');
      expect(aim).toEqual({ cart: 2 });
      await world.engine.steer(world.destination, steered, 'skip', { aim });
      await world.engine.steer(world.destination, steered, 'skip', { aim });
      await until(
        steered,
        ({ verdict, progress }) =>
          verdict === 'paused' && progress.weight === 50,
      );
      expect(await stepOf()).toBe(3);
      // What does not pause is not led on by promoting it: that means to end a pause.
      const on = await world.engine.aim(world.destination, steered, 'promote');
      expect(on).toEqual({ cart: 4 });
      await world.engine.steer(world.destination, steered, 'promote', {
        aim: on,
      });
      await world.engine.steer(world.destination, steered, 'promote', {
        aim: on,
      });
      await until(
        steered,
        ({ verdict, progress }) =>
          verdict === 'paused' && progress.weight === 75,
      );
      expect(await stepOf()).toBe(5);
    });

    it('gives all the traffic at once to what is to have it, past all steps that are left', async () => {
      const { steered, stepOf } = await pausedAtFirst();
      await world.engine.steer(world.destination, steered, 'promote-full');
      const { seen } = await until(steered, one => one.verdict === 'ready');
      expect(seen.map(({ verdict }) => verdict)).not.toContain('failed');
      expect(await stepOf()).toBe(6);
    });

    it('ends a pause of blue-green once, without waiting for a step that there is not', async () => {
      const service = (name: string): KubernetesObject => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { selector: labels, ports: [{ port: 80 }] },
      });
      const whole = (image: string) => [
        service('cart'),
        {
          ...rollout(image),
          spec: {
            replicas: 1,
            selector: { matchLabels: labels },
            template: template(image),
            strategy: {
              blueGreen: { activeService: 'cart', autoPromotionEnabled: false },
            },
          },
        },
      ];
      await apply(whole('cart:1'));
      await until(whole('cart:1'), one => one.verdict === 'ready');
      const second = whole('cart:2');
      await apply(second, 'd-2');
      await until(second, one => one.verdict === 'paused');
      const aim = await world.engine.aim(world.destination, second, 'promote');
      expect(aim).toEqual({});
      const began = Date.now();
      await world.engine.steer(world.destination, second, 'promote', { aim });
      expect(Date.now() - began).toBeLessThan(5_000);
      await world.engine.steer(world.destination, second, 'promote', { aim });
      await until(second, one => one.verdict === 'ready');
    });

    it('applies nothing for who has lost the right to', async () => {
      const right = new AbortController();
      right.abort(new Error('It is another worker’s now.'));
      await expect(
        world.engine.apply(world.destination, [configMap('late')], {
          ...{ deployment: 'd-1', signal: right.signal },
        }),
      ).rejects.toThrow('It is another worker’s now.');
      await apply([configMap('other')]);
      const names = await world.kubectl([
        ...[
          'get',
          'configmap',
          '-o',
          'name',
          '-n',
          world.destination.namespace,
        ],
      ]);
      expect(String(names)).toContain('configmap/other');
      expect(String(names)).not.toContain('configmap/late');
    });
  },
);
