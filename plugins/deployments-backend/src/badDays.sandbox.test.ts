import { describeWithSandbox } from '@highroad/sandbox/testing';
import {
  ENVIRONMENT_ANNOTATION,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import createKnex from 'knex';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DenyingWebhook } from './__testUtils__/DenyingWebhook';
import { Line } from './__testUtils__/Line';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { Place } from './__testUtils__/Place';
import { PortalProcess } from './__testUtils__/PortalProcess';

const PREFIX = 'sandbox.platform.myorg.com';

describeWithSandbox(
  'a deployment on a bad day',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;
    const undo: Array<() => Promise<unknown>> = [];

    beforeAll(async () => {
      world = await OutsideWorld.create(
        sandbox,
        {
          first: {},
          second: { changed: 'yes' },
          never: { [`${PREFIX}/outcome`]: 'never-ready' },
          later: {
            [`${PREFIX}/outcome`]: 'crash-later',
            [`${PREFIX}/crash-after`]: '2s',
          },
          slow: { [`${PREFIX}/ready-after`]: '4s' },
          large: {},
        },
        // More than the 20 that the quota of a namespace lets through.
        {
          large: text =>
            text
              .replace('{cpu: 10m,', "{cpu: '25',")
              .replace('cpu: 100m', "cpu: '25'"),
        },
      );
    });
    afterEach(async () => {
      for (const one of undo.splice(0).reverse()) await one();
    });
    afterAll(() => world?.end());

    const startAt = async (place: Place): Promise<PortalProcess> => {
      const portal = await place.start();
      undo.push(() => portal.stop());
      return portal;
    };
    /** With the first version running. */
    const running = async (
      options: Parameters<OutsideWorld['newPlace']>[0],
    ) => {
      const place = await world.newPlace(options);
      const portal = await startAt(place);
      await portal.deploy('first');
      expect(await portal.settle()).toMatchObject([{ state: 'succeeded' }]);
      return { place, portal };
    };

    /** Takes the repositories away, and a version's image out of the registry, until the test is over. */
    const takeSourcesAway = async (version: string, image: string) => {
      const away = `${world.repositories}-away`;
      await rename(world.repositories, away);
      undo.push(() => rename(away, world.repositories));
      const [, digest] = image.split('@');
      const { address } = world.registry;
      const url = `${address}/v2/${world.imagePath}/manifests/${digest}`;
      const kept = await fetch(url, {
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      });
      const manifest = await kept.text();
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(202);
      expect((await fetch(url)).status).toBe(404);
      undo.push(() =>
        fetch(`${address}/v2/${world.imagePath}/manifests/${version}`, {
          method: 'PUT',
          headers: {
            'content-type': 'application/vnd.oci.image.manifest.v1+json',
          },
          body: manifest,
        }),
      );
    };

    /**
     * Has the cluster ask a webhook about the Deployments of a place.
     *
     * @returns takes it away, which is done after the test at the latest
     */
    const addWebhook = async (
      place: Place,
      kind: string,
      options: {
        clientConfig: object;
        operations: string[];
        timeoutSeconds?: number;
      },
    ) => {
      const { operations, ...rest } = options;
      const name = `${kind}-${place.environment}`;
      await place.kubectl(
        ['create', '-f', '-'],
        JSON.stringify({
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingWebhookConfiguration',
          metadata: { name },
          webhooks: [
            {
              ...{ name: `${kind}.example.com`, failurePolicy: 'Fail' },
              ...{ sideEffects: 'None', admissionReviewVersions: ['v1'] },
              ...rest,
              rules: [
                {
                  ...{ apiGroups: ['apps'], apiVersions: ['v1'] },
                  ...{ operations, resources: ['deployments'] },
                },
              ],
              namespaceSelector: {
                matchLabels: {
                  'kubernetes.io/metadata.name': place.namespace,
                },
              },
            },
          ],
        }),
      );
      const remove = () =>
        place.kubectl([
          ...['delete', 'validatingwebhookconfiguration', name],
          '--ignore-not-found',
        ]);
      undo.push(remove);
      return remove;
    };

    /** Makes the namespace of a place as the platform would, so that something can be tried there before. */
    const makeNamespace = (place: Place) =>
      place.kubectl(
        ['create', '-f', '-'],
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: {
            name: place.namespace,
            annotations: {
              [SERVICE_ANNOTATION]: 'component:default/cart',
              [ENVIRONMENT_ANNOTATION]: place.environment,
            },
          },
        }),
      );
    /** It takes the API server a moment to heed a policy or a webhook: waits until it refuses what is tried. */
    const refuses = (place: Place, why: RegExp, tried: string[]) =>
      until(() =>
        place.kubectl([...tried, '--dry-run=server']).then(
          () => false,
          error => why.test(String(error)),
        ),
      );
    const MAKE = ['create', 'deployment', 'probe', '--image=probe:1'];

    it('goes on when the API server is back', async () => {
      const text = await readFile(world.cluster.kubeconfig, 'utf8');
      const line = new Line(new URL(world.cluster.server));
      const port = await line.open();
      undo.push(() => line.close());
      const kubeconfig = join(world.folder, 'through-the-line');
      await writeFile(
        kubeconfig,
        text.replace(world.cluster.server, `https://127.0.0.1:${port}`),
      );
      const place = await world.newPlace({ kubeconfig });
      const portal = await startAt(place);
      await portal.deploy('slow');
      await until(() =>
        portal.calls.some(call => /PATCH .*deployments\/cart/.test(call)),
      );
      line.cut();
      await sleep(5_000);
      expect(['applying', 'shifting']).toContain(
        (await portal.list())[0].state,
      );
      line.mend();
      expect(await portal.settle()).toMatchObject([{ state: 'succeeded' }]);
      expect(await place.workload()).toMatchObject({ generation: 1 });
    });

    it('waits until a namespace that is being removed is gone, and says so', async () => {
      const place = await world.newPlace();
      const namespace = (finalizers: string[]) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          ...{ name: place.namespace, finalizers },
          annotations: { 'example.com/left-by': 'an earlier one' },
        },
      });
      await place.kubectl(
        ['create', '-f', '-'],
        JSON.stringify(namespace(['example.com/slow'])),
      );
      await place.kubectl([
        ...['delete', 'namespace', place.namespace, '--wait=false'],
      ]);
      const portal = await startAt(place);
      await portal.deploy('first');
      await until(async () => {
        const [{ state, summary }] = await portal.list();
        return state === 'applying' && /is being removed/.test(summary);
      });
      await place.kubectl([
        ...['patch', 'namespace', place.namespace, '--type=merge'],
        ...['--patch', '{"metadata":{"finalizers":null}}'],
      ]);
      expect(await portal.settle()).toMatchObject([{ state: 'succeeded' }]);
    });

    it('says in the cluster’s words why a policy of the cluster denies it', async () => {
      const place = await world.newPlace();
      const name = `no-carts-${place.environment}`;
      const policy = [
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicy',
          metadata: { name },
          spec: {
            matchConstraints: {
              resourceRules: [
                {
                  ...{ apiGroups: ['apps'], apiVersions: ['v1'] },
                  ...{ operations: ['CREATE'], resources: ['deployments'] },
                },
              ],
            },
            validations: [
              { expression: 'false', message: 'carts are not sold on Sundays' },
            ],
          },
        },
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata: { name },
          spec: {
            policyName: name,
            validationActions: ['Deny'],
            matchResources: {
              namespaceSelector: {
                matchLabels: {
                  'kubernetes.io/metadata.name': place.namespace,
                },
              },
            },
          },
        },
      ];
      const list = { apiVersion: 'v1', kind: 'List', items: policy };
      await place.kubectl(['create', '-f', '-'], JSON.stringify(list));
      undo.push(() =>
        place.kubectl(['delete', '-f', '-'], JSON.stringify(list)),
      );
      await makeNamespace(place);
      await refuses(place, /not sold on Sundays/, MAKE);
      const portal = await startAt(place);
      await portal.deploy('first');
      const [{ state, summary }] = await portal.settle();
      expect(state).toBe('failed');
      expect(summary).toContain('carts are not sold on Sundays');
      expect(await place.kubectl(['get', 'deployments', '-o', 'name'])).toBe(
        '',
      );
    });

    it('says in its words why a webhook denies it, and leaves what runs', async () => {
      const { place, portal } = await running({});
      const before = await place.workload();
      const webhook = await DenyingWebhook.open('no second cart this week');
      undo.push(() => webhook.close());
      const remove = await addWebhook(place, 'denies', {
        clientConfig: { url: webhook.url, caBundle: webhook.caBundle },
        operations: ['UPDATE'],
      });
      await refuses(place, /no second cart/, [
        ...['annotate', 'deployment', 'cart', 'example.com/probe=1'],
      ]);
      await portal.deploy('second');
      await until(async () =>
        (
          await portal.list()
        ).some(
          ({ version, state }) => version === 'second' && state === 'failed',
        ),
      );
      const failed = (await portal.list()).find(
        ({ version }) => version === 'second',
      );
      expect(failed?.summary).toMatch(
        /^The cluster will not .*denies\.example\.com.*no second cart this week/,
      );
      expect((await place.workload()).image).toBe(before.image);
      // What is put back is not refused for good either: it is the same, and goes on when the webhook is gone.
      await remove();
      await portal.settle();
      expect((await place.workload()).image).toBe(before.image);
    });

    it('waits for a webhook that does not answer, and goes on when it is gone', async () => {
      const place = await world.newPlace();
      const remove = await addWebhook(place, 'away', {
        clientConfig: { url: 'https://127.0.0.1:1/away' },
        timeoutSeconds: 1,
        operations: ['CREATE'],
      });
      await makeNamespace(place);
      await refuses(place, /away\.example\.com/, MAKE);
      const portal = await startAt(place);
      await portal.deploy('first');
      await until(async () =>
        /away\.example\.com/.test((await portal.list())[0].summary),
      );
      await remove();
      expect(await portal.settle()).toMatchObject([{ state: 'succeeded' }]);
    });

    it('puts the last version back when a rollout is stuck', async () => {
      const { place, portal } = await running({
        environment: { progressDeadlineSeconds: 10 },
      });
      const { image } = await place.workload();
      await portal.deploy('never');
      const all = await portal.settle();
      expect(outcomes(all)).toEqual([
        ...['deploy first succeeded', 'deploy never failed'],
        'rollback first succeeded',
      ]);
      expect((await place.workload()).image).toBe(image);
      // Its pods are gone by now; what they said is not.
      const { id } = all.find(({ version }) => version === 'never') ?? {};
      const { deployment } = await portal.ask(`deployments/${id}`);
      expect(deployment.steps.at(-1)).toMatchObject({
        ...{ name: 'ready', state: 'failed' },
        evidence: [expect.stringMatching(/^cart-.*: runs, but is not ready$/)],
      });
    });

    it('puts the last version back when pods crash after they were ready', async () => {
      const { place, portal } = await running({
        environment: { watch: '6s' },
      });
      const { image } = await place.workload();
      await portal.deploy('later');
      const all = await portal.settle();
      expect(outcomes(all)).toEqual([
        ...['deploy first succeeded', 'deploy later failed'],
        'rollback first succeeded',
      ]);
      expect(all.find(one => one.version === 'later')?.summary).toMatch(
        /crash|started again/,
      );
      expect((await place.workload()).image).toBe(image);
    });

    it('puts an earlier version back from what was kept, though Git is away and its image is no longer in the registry', async () => {
      const { place, portal } = await running({});
      const { image } = await place.workload();
      await portal.deploy('second');
      expect(outcomes(await portal.settle())).toEqual([
        'deploy first succeeded',
        'deploy second succeeded',
      ]);
      await takeSourcesAway('first', image);
      await portal.rollback();
      expect(outcomes(await portal.settle())).toContain(
        'rollback first succeeded',
      );
      expect((await place.workload()).image).toBe(image);
    });

    it('puts the last version back by itself from what was kept, though Git is away and its image is no longer in the registry', async () => {
      const { place, portal } = await running({
        environment: { progressDeadlineSeconds: 15 },
      });
      const { image } = await place.workload();
      await portal.deploy('never');
      await until(async () => {
        const all = await portal.list();
        return all.some(
          ({ version, state }) => version === 'never' && state === 'shifting',
        );
      });
      await takeSourcesAway('first', image);
      expect(outcomes(await portal.settle())).toEqual([
        ...['deploy first succeeded', 'deploy never failed'],
        'rollback first succeeded',
      ]);
      expect((await place.workload()).image).toBe(image);
    });

    it('fails at once, and says why, where the quota of the namespace does not let its pods be made', async () => {
      const { place, portal } = await running({});
      const { image } = await place.workload();
      await portal.deploy('large');
      const all = await portal.settle();
      expect(outcomes(all)).toEqual([
        ...['deploy first succeeded', 'deploy large failed'],
        'rollback first succeeded',
      ]);
      const large = all.find(({ version }) => version === 'large');
      expect(large?.summary).toMatch(
        /^The cluster does not let the pods be made/,
      );
      const { deployment } = await portal.ask(`deployments/${large?.id}`);
      expect(deployment.steps.at(-1)).toMatchObject({
        ...{ name: 'ready', state: 'failed' },
        evidence: [
          expect.stringMatching(
            /exceeded quota: highroad, requested: requests\.cpu=25, used: requests\.cpu=\d+m, limited: requests\.cpu=20/,
          ),
        ],
      });
      expect((await place.workload()).image).toBe(image);
    });

    it('does not write over what somebody changed by hand unless told to, and puts back what ran before all the same', async () => {
      const { place, portal } = await running({
        environment: { progressDeadlineSeconds: 20 },
      });
      const { image } = await place.workload();
      const change = async () => {
        await place.kubectl(['set', 'image', 'deployment/cart', '*=other:9']);
      };
      await change();
      await portal.deploy('second');
      const refused = (await portal.settle()).find(
        ({ version }) => version === 'second',
      );
      expect(refused?.state).toBe('failed');
      expect(refused?.summary).toMatch(/^Somebody else manages a field/);
      expect((await place.workload()).image).toBe('other:9');

      await portal.deploy('second', { takeOver: true });
      expect(outcomes(await portal.settle())).toContain(
        'deploy second succeeded',
      );
      await portal.deploy('never');
      await until(async () => (await place.workload()).image !== image);
      await until(async () =>
        (
          await portal.list()
        ).some(
          ({ version, state }) => version === 'never' && state === 'shifting',
        ),
      );
      await change();
      const all = await portal.settle();
      const back = all.find(({ kind }) => kind === 'rollback');
      expect(back).toMatchObject({ version: 'second', state: 'succeeded' });
      const { deployment } = await portal.ask(`deployments/${back?.id}`);
      expect(deployment.steps).toContainEqual(
        expect.objectContaining({
          name: 'conflicts',
          evidence: [
            expect.stringMatching(/^Deployment cart .*\.image: .*kubectl/),
          ],
        }),
      );
    });

    it('goes on when its database was locked for longer than it waits', async () => {
      const place = await world.newPlace();
      const portal = await startAt(place);
      await portal.deploy('slow');
      const knex = createKnex({
        client: 'better-sqlite3',
        connection: { filename: place.databaseFile },
        useNullAsDefault: true,
        pool: { min: 1, max: 1 },
      });
      undo.push(() => knex.destroy());
      await knex.raw('begin immediate');
      await sleep(8_000);
      await knex.raw('rollback');
      expect(await portal.settle()).toMatchObject([{ state: 'succeeded' }]);
      expect(await place.workload()).toMatchObject({ generation: 1 });
    });
  },
);

function outcomes(
  all: Array<{ kind: string; version: string; state: string }>,
): string[] {
  return all
    .map(({ kind, version, state }) => `${kind} ${version} ${state}`)
    .sort();
}

async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await is()) return;
    await sleep(100);
  }
  throw new Error('It did not come to that.');
}
