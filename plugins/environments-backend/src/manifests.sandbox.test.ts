import { KubernetesObject } from '@highroad/plugin-platform-node/manifests';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';
import {
  ManifestProblem,
  ManifestReader,
} from './controller/manifests/ManifestReader';
import { RunningController } from './controller/startController';

jest.setTimeout(180_000);

const COMMITS = ['a'.repeat(40), 'b'.repeat(40)];

/** As the platform's template makes a service that is deployed as a canary, with what a cluster keeps in other words. */
function manifestsOf(name: string): KubernetesObject[] {
  const labels = { 'app.kubernetes.io/name': 'web' };
  const object = (apiVersion: string, kind: string, spec: object) => ({
    ...{ apiVersion, kind, spec },
    metadata: { name, namespace: `${name}-staging` },
  });
  return [
    object('argoproj.io/v1alpha1', 'Rollout', {
      selector: { matchLabels: labels },
      strategy: { canary: { steps: [{ setWeight: 20 }] } },
      template: {
        metadata: { labels },
        spec: {
          securityContext: {
            runAsNonRoot: true,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              ...{ name, image: `ghcr.io/acme/${name}:unset`, args: [] },
              env: [
                { name: 'EMPTY', value: '' },
                {
                  name: 'API_KEY',
                  valueFrom: { secretKeyRef: { name, key: 'API_KEY' } },
                },
              ],
              resources: { requests: { cpu: 0.1, memory: '0.5Gi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [
                { name: 'settings', mountPath: '/settings', readOnly: false },
              ],
            },
          ],
          volumes: [
            { name: 'settings', configMap: { name: `${name}-settings` } },
          ],
        },
      },
    }),
    object('v1', 'Service', {
      selector: labels,
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    }),
    object('networking.k8s.io/v1', 'Ingress', {
      rules: [
        {
          host: `${name}.staging.example.com`,
          http: {
            paths: [
              {
                ...{ path: '/', pathType: 'Prefix' },
                backend: { service: { name, port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    }),
    object('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: {} }),
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { colour: 'red' } },
      metadata: { name: `${name}-settings` },
    },
  ];
}

/** With a port that is none, or a field that there is not. */
function damaged(name: string): KubernetesObject[] {
  const text = JSON.stringify(manifestsOf(name));
  return JSON.parse(
    name === 'broken'
      ? text.replace('"port":80,', '"port":80000,')
      : text.replace('"args":[]', '"colour":"red"'),
  );
}

describeWithSandbox(
  'services’ own manifests in a cluster',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;
    let running: RunningController;
    let newest: string;
    /** Why repositories can't be read */
    let trouble: Error | undefined;
    const reader: ManifestReader = {
      async read(_target, { name }, { commit }) {
        if (trouble) throw trouble;
        const objects = ['broken', 'odd'].includes(name)
          ? damaged(name)
          : manifestsOf(name === 'twin' ? 'cart' : name);
        return { commit: commit ?? newest, objects };
      },
    };

    beforeAll(async () => {
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        manifests: reader,
        secrets: {
          ownerOf: async service =>
            service.endsWith('/vault') ? 'group:default/bank' : OWNER,
          newest: async () => ({}),
          lend: async () => new Map(),
        },
      });
      running = await world.start();
    });
    beforeEach(() => {
      [newest] = COMMITS;
      trouble = undefined;
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    const from = (...names: string[]) =>
      names.map(name => ({ name, from: { service: name } }));

    it('run, each reached at the environment’s own address, and are not written again', async () => {
      const name = world.name();
      await world.apply(name, { services: from('cart', 'stock') });
      const { status } = await world.untilPhase(name, 'ready');
      expect(status.services).toEqual(
        ['cart', 'stock'].map(service => ({
          ...{ name: service, state: 'ready', ready: 1, replicas: 1 },
          image: `ghcr.io/acme/${service}:${COMMITS[0]}`,
          commit: COMMITS[0],
          url: `http://${service}-${name}.previews.test:8080`,
          message:
            'It goes without what its manifests read of Secrets: API_KEY of ' +
            `${service}. Give it what it needs under env.`,
        })),
      );
      const all = await world.cluster.kubectl([
        'get',
        'deployment,service,ingress,networkpolicy,configmap',
        ...['-o=name', `--namespace=env-${name}`],
        '--selector=platform.myorg.com/environment-uid',
      ]);
      expect(all.trim().split('\n').sort()).toEqual([
        'configmap/cart-settings',
        'configmap/stock-settings',
        'deployment.apps/cart',
        'deployment.apps/stock',
        'ingress.networking.k8s.io/cart',
        'ingress.networking.k8s.io/stock',
        'networkpolicy.networking.k8s.io/environment',
        'service/cart',
        'service/stock',
      ]);
      world.writes.length = 0;
      await world.lookAgain(running, name);
      expect(world.writes.filter(one => one.includes(name))).toEqual([]);
    });

    it('stay as they are when somebody pushes, and are read anew when the environment’s manifest changes', async () => {
      const name = world.name();
      await world.apply(name, { services: from('cart') });
      await world.untilPhase(name, 'ready');
      [, newest] = COMMITS;
      running = await world.restart();
      await world.lookAgain(running, name);
      const commitOf = async () =>
        (await world.get(name))?.status.services[0].commit;
      expect(await commitOf()).toBe(COMMITS[0]);
      await world.apply(name, { services: from('cart'), ttl: '8d' });
      await world.untilResource(
        name,
        ({ status }) =>
          status.phase === 'ready' && status.services[0].commit === COMMITS[1],
        'the manifests of the newest commit',
      );
      const deployment = await world.object(
        'deployment',
        'cart',
        `env-${name}`,
      );
      expect(deployment?.spec?.template?.spec.containers[0].image).toBe(
        `ghcr.io/acme/cart:${COMMITS[1]}`,
      );
    });

    it('run on while they can’t be read, and are taken away when the environment has no such service any more', async () => {
      const name = world.name();
      const services = from('cart', 'stock');
      await world.apply(name, { services });
      await world.untilPhase(name, 'ready');
      trouble = new Error('The Git host does not answer.');
      running = await world.restart();
      await world.lookAgain(running, name);
      const at = `env-${name}`;
      expect(await world.object('deployment', 'cart', at)).toBeDefined();
      expect((await world.get(name))?.status.phase).toBe('ready');
      trouble = new ManifestProblem('Add an overlay.');
      await world.apply(name, { services: from('cart') });
      const { status } = await world.untilResource(
        name,
        one => one.status.services[0].state === 'failing',
        'what to change',
      );
      expect(status).toMatchObject({
        phase: 'degraded',
        message: "cart: Its manifests can't be taken: Add an overlay.",
      });
      expect(await world.object('deployment', 'cart', at)).toBeDefined();
      expect(await world.object('deployment', 'stock', at)).toBeUndefined();
      expect(
        await world.object('configmap', 'stock-settings', at),
      ).toBeUndefined();
    });

    it('are not taken where they are another team’s, nor where two have objects of one name', async () => {
      const [foreign, clash] = [world.name(), world.name()];
      await world.apply(foreign, { services: from('vault') });
      await world.apply(clash, { services: from('cart', 'twin') });
      const { status } = await world.untilPhase(foreign, 'refused');
      expect(status.message).toMatch(/which is group:default\/bank's/);
      const { status: clashing } = await world.untilResource(
        clash,
        one => one.status.services[0]?.state === 'ready',
        'the first of two',
      );
      expect(clashing.services[1]).toMatchObject({
        state: 'failing',
        message:
          'Its Deployment cart has the name of one of cart. Name it otherwise in its manifests.',
      });
    });

    it('are refused in the cluster’s words where it takes no such object, and hold up no other service', async () => {
      const name = world.name();
      await world.apply(name, { services: from('broken', 'odd', 'cart') });
      const { status } = await world.untilResource(
        name,
        one => one.status.services[2]?.state === 'ready',
        'the one that is well',
      );
      expect(status.services.slice(0, 2)).toEqual([
        expect.objectContaining({
          state: 'failing',
          message: expect.stringMatching(
            /^The cluster refuses what it is made of: .*spec.ports\[0\].port/s,
          ),
        }),
        expect.objectContaining({
          state: 'failing',
          message: expect.stringMatching(
            /spec.template.spec.containers.*colour/s,
          ),
        }),
      ]);
    });

    it('give way to what the environment’s manifest says itself', async () => {
      const name = world.name();
      await world.apply(name, { services: from('cart') });
      await world.untilPhase(name, 'ready');
      await world.apply(name, { services: [{ name: 'cart', image: 'x:1' }] });
      const { status } = await world.untilResource(
        name,
        one =>
          one.status.observedGeneration === 2 && one.status.phase === 'ready',
        'the service as it is described',
      );
      expect(status.services[0]).not.toHaveProperty('commit');
      // The other way, what runs stays until the manifests can be taken.
      trouble = new ManifestProblem('Add an overlay.');
      await world.apply(name, { services: from('cart') });
      await world.untilResource(
        name,
        one => one.status.services[0].state === 'failing',
        'what to change',
      );
      for (const kind of ['deployment', 'service', 'ingress']) {
        expect(await world.object(kind, 'cart', `env-${name}`)).toBeDefined();
      }
      expect(
        await world.object('configmap', 'cart-settings', `env-${name}`),
      ).toBeUndefined();
    });
  },
);
