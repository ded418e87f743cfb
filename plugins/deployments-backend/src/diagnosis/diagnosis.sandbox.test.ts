import { TestDatabases } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { migrate } from '../__testUtils__/world';
import { ReadStore } from '../database/ReadStore';
import { RequestStore } from '../database/RequestStore';
import { ClusterReader } from '../drivers/cluster/ClusterReader';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { podSpec } from '../drivers/engine/direct/__testUtils__/engineWorld';
import { DirectEngine } from '../drivers/engine/direct/DirectEngine';
import { noOnCalls } from '../drivers/pagerduty/OnCallReader';
import { noAlerts } from '../drivers/prometheus/FiringAlerts';
import { Environments } from '../service/EnvironmentSettings';
import { Diagnostician } from './Diagnostician';

const SERVICE = 'component:default/cart';
const OUTCOME = 'sandbox.platform.myorg.com/outcome';
const labels = { 'app.kubernetes.io/name': 'cart' };
const deployment = (annotations: object, spec = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels, annotations },
      spec: {
        ...podSpec('cart', 'cart:1'),
        ...spec,
      },
    },
  },
});

describeWithSandbox(
  'why it fails, in a cluster',
  ['cluster', 'simulated-node'],
  sandbox => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    const environment = `t${randomBytes(4).toString('hex')}`;
    const place = { service: SERVICE, environment };
    const namespace = `cart-${environment}`;
    let db: Knex;
    let engine: DirectEngine;
    let diagnostician: Diagnostician;
    let kubectl: (args: string[], input?: string) => Promise<unknown>;

    beforeAll(async () => {
      const cluster = await sandbox.cluster();
      kubectl = cluster.kubectl;
      const access = new ClusterAccess([
        { name: 'test', kubeconfig: cluster.kubeconfig },
      ]);
      engine = new DirectEngine({ access });
      db = await databases.init('SQLITE_3');
      await migrate(db);
      const reader = new ReadStore(db);
      diagnostician = new Diagnostician({
        alerts: noAlerts,
        drift: { of: async () => [] },
        cluster: new ClusterReader({ access }),
        environments: new Environments([
          {
            name: environment,
            tier: environment,
            cluster: 'test',
            namespace: '{service}-{environment}',
            production: false,
            approval: false,
            progressDeadlineSeconds: 600,
            engine: 'direct',
            watchSeconds: 0,
            notReadySeconds: 30,
            conditions: [],
          },
        ]),
        now: () => new Date(),
        onCalls: noOnCalls,
        reader,
        services: {
          get: async ref => ({
            ref,
            name: 'cart',
            image: 'registry.example/cart',
            annotations: {},
          }),
        },
      });
    });
    afterAll(async () => {
      await kubectl([
        ...['delete', 'namespace', namespace, '--wait=false'],
        '--ignore-not-found',
      ]);
    });

    const apply = async (object: KubernetesObject) => {
      const destination = { cluster: 'test', namespace, ...place };
      await engine.prepare(destination);
      await engine.apply(destination, [object], { deployment: 'd-1' });
    };
    const until = async (cause: string) => {
      for (let tries = 0; tries < 200; tries++) {
        const found = await diagnostician.diagnose(place);
        if (found.verdict.cause === cause) return found;
        await sleep(150);
      }
      throw new Error(JSON.stringify(await diagnostician.diagnose(place)));
    };

    it('says so where nothing was ever deployed', async () => {
      const { verdict, pods } = await diagnostician.diagnose(place);
      expect(verdict.cause).toBe('nothing-deployed');
      expect(pods).toEqual({ known: true, items: [] });
      expect(await diagnostician.pods(place)).toEqual(pods);
    });

    it('names the image that cannot be pulled, and the crash, with what stands behind it', async () => {
      const requests = new RequestStore(db, { newId: () => uuidv7() });
      await requests.request(
        {
          kind: 'deploy',
          ...place,
          version: '1',
          image: 'cart',
          requestedBy: 'user:default/anna',
          door: 'cli',
          correlation: 'test-0001',
        },
        { now: new Date().toISOString(), supersede: false },
      );
      await apply(deployment({ [OUTCOME]: 'image-pull-error' }));
      const pull = await until('image-pull');
      expect(pull.verdict).toMatchObject({
        health: 'failing',
        summary:
          'The image of cart cannot be pulled (ImagePullBackOff): Back-off pulling image: manifest unknown.',
        fix: expect.stringContaining(
          `platform rollback cart --env ${environment}`,
        ),
      });
      expect(pull.pods).toMatchObject({
        items: [{ ready: false, reasons: ['cart: ImagePullBackOff'] }],
      });
      expect(await diagnostician.pods(place)).toEqual(pull.pods);
      expect(pull.events).toMatchObject({ known: true });
      expect(pull.changes).toMatchObject([{ version: '1' }]);
      expect(pull.onCall).toMatchObject({ known: false });

      await apply(deployment({ [OUTCOME]: 'crash-loop' }));
      // The pod of the version before is there until the new one is ready.
      await kubectl([
        'delete',
        'pod',
        '--all',
        '--wait=false',
        '-n',
        namespace,
      ]);
      await kubectl([
        ...['delete', 'replicaset', '-n', namespace],
        ...['--all', '--wait=true'],
      ]);
      const crash = await until('crash-loop');
      expect(crash.verdict.summary).toMatch(
        /^cart crashes again and again \(Error, exit code 1\), 5 restarts/,
      );
      expect(crash.pods).toMatchObject({
        items: expect.arrayContaining([
          expect.objectContaining({ restarts: 5 }),
        ]),
      });
      // A simulated node runs nothing, and has no log to give.
      expect(crash.log).toEqual({
        known: false,
        why: 'The node that it runs on does not answer, so its log cannot be read.',
      });
      expect(crash.logOf).toMatch(/^cart-.*, container cart$/);
    });

    it('says what the cluster refuses about the pods', async () => {
      await kubectl(['delete', 'deployment', 'cart', '-n', namespace]);
      await apply(deployment({}, { securityContext: {}, hostNetwork: true }));
      const { verdict } = await until('pods-refused');
      expect(verdict.summary).toMatch(/PodSecurity "restricted/);
    });

    it('has what went wrong last among its events, however many others there are', async () => {
      const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
      const event = (name: string, type: string) => ({
        ...{ apiVersion: 'v1', kind: 'Event', type, metadata: { name } },
        involvedObject: { kind: 'Pod', name: 'cart-1', namespace },
        ...{ reason: name, message: name, firstTimestamp: at },
        ...{ lastTimestamp: at, count: 1, source: { component: 'test' } },
      });
      await kubectl(
        ['create', '-n', namespace, '-f', '-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'List' },
          // In the order of their names, it is the last.
          items: [
            ...Array.from({ length: 310 }, (_, n) => event(`a-${n}`, 'Normal')),
            event('zz-unhealthy', 'Warning'),
          ],
        }),
      );
      const { events } = await diagnostician.diagnose(place);
      expect(events).toMatchObject({
        known: true,
        items: expect.arrayContaining([
          expect.objectContaining({ reason: 'zz-unhealthy', warning: true }),
        ]),
      });
    });

    it('looks into no namespace that is another’s', async () => {
      await kubectl([
        ...['annotate', 'namespace', namespace, '--overwrite'],
        'platform.myorg.com/service=component:default/other',
      ]);
      const found = await diagnostician.diagnose(place);
      expect(found.verdict.cause).toBe('not-known');
      expect(found.verdict.summary).toContain(
        `The namespace ${namespace} belongs to component:default/other`,
      );
      expect(found.pods.known).toBe(false);
      expect(found.log.known).toBe(false);
      expect(await diagnostician.pods(place)).toEqual(found.pods);
    });
  },
);
