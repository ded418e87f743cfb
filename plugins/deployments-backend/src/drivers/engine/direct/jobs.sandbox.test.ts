import { describeWithSandbox } from '@highroad/sandbox/testing';
import {
  EngineRefusedError,
  KubernetesObject,
} from '@highroad/plugin-deployments-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { engineWorld, podSpec } from './__testUtils__/engineWorld';

const jobSchema = z.object({
  metadata: z.object({ uid: z.string() }),
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  }),
});

/** A Job whose pods run until the test ends them. */
const job = (image: string, spec: object = {}): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate' },
  spec: {
    backoffLimit: 0,
    template: {
      metadata: {
        annotations: { 'sandbox.platform.myorg.com/outcome': 'never-ready' },
      },
      spec: {
        restartPolicy: 'Never',
        ...podSpec('migrate', image),
      },
    },
    ...spec,
  },
});
const settings = (version: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { version },
});

describeWithSandbox(
  'Jobs among what is deployed',
  ['cluster', 'simulated-node'],
  sandbox => {
    const world = engineWorld(sandbox, 'jobs');

    const apply = (objects: KubernetesObject[], id: string) =>
      world.engine.apply(world.destination, objects, { deployment: id });
    const check = (
      objects: KubernetesObject[],
      id: string,
      options: { waits?: boolean } = {},
    ) =>
      world.engine.conflicts(world.destination, objects, {
        deployment: id,
        ...options,
      });
    const here = (...args: string[]) =>
      world.kubectl(['-n', world.destination.namespace, ...args]);
    const there = async () => {
      const { metadata, spec } = jobSchema.parse(
        JSON.parse(String(await here('get', 'job', 'migrate', '-o', 'json'))),
      );
      return {
        uid: metadata.uid,
        image: spec.template.spec.containers[0].image,
      };
    };
    const versionThere = () =>
      here(
        ...['get', 'configmap', 'settings', '-o', 'jsonpath={.data.version}'],
      );
    const until = async (is: () => Promise<boolean>) => {
      for (let tries = 0; tries < 200; tries++) {
        if (await is()) return;
        await sleep(150);
      }
      throw new Error('It has not come to that.');
    };
    const pods = async () =>
      String(
        await here('get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}'),
      )
        .split(' ')
        .filter(Boolean);
    /** Ends the pods of the Job, as the kubelet would, and waits until the Job has ended. */
    const end = async (phase: 'Succeeded' | 'Failed') => {
      await until(async () => (await pods()).length > 0);
      for (const pod of await pods()) {
        await here(
          ...['patch', 'pod', pod, '--subresource=status', '--type=merge'],
          ...['-p', JSON.stringify({ status: { phase } })],
        );
      }
      const type = phase === 'Succeeded' ? 'Complete' : 'Failed';
      await here('wait', 'job/migrate', `--for=condition=${type}`);
    };

    it.each(['Succeeded', 'Failed'] as const)(
      'run again for the next version, once the one before has %s',
      async phase => {
        const first = [job('cart:1'), settings('1')];
        expect(await check(first, 'd-1')).toEqual([]);
        await apply(first, 'd-1');
        const before = await there();
        await end(phase);
        const old = await pods();
        const second = [job('cart:2'), settings('2')];
        expect(await check(second, 'd-2')).toEqual([]);
        expect(await apply(second, 'd-2')).toEqual([
          'applied ConfigMap settings',
          'removed Job migrate of the version before',
          'applied Job migrate',
        ]);
        const after = await there();
        expect(after.image).toBe('cart:2');
        expect(after.uid).not.toBe(before.uid);
        await until(async () =>
          (await pods()).every(name => !old.includes(name)),
        );
        // Another worker does it again, and so does a deployment of the very same: it runs once.
        await apply(second, 'd-2');
        await apply(second, 'd-3');
        expect((await there()).uid).toBe(after.uid);
      },
    );

    it('are made anew where a worker died between removing the one before and that', async () => {
      await apply([job('cart:1')], 'd-1');
      await end('Succeeded');
      await here('delete', 'job', 'migrate');
      expect(await apply([job('cart:2')], 'd-2')).toEqual([
        'applied Job migrate',
      ]);
    });

    it('are not replaced while they run: a deployment is refused before anything of it is applied', async () => {
      await apply([job('cart:1'), settings('1')], 'd-1');
      const before = await there();
      const refused = check([job('cart:2'), settings('2')], 'd-2');
      await expect(refused).rejects.toThrow(EngineRefusedError);
      await expect(refused).rejects.toThrow(
        `The Job migrate of a version before still runs, and what it runs cannot be changed. Wait until it has ended, or end it (kubectl -n ${world.destination.namespace} delete job migrate).`,
      );
      expect(await there()).toEqual(before);
      expect(await versionThere()).toBe('1');
      // Nothing else to run is no reason.
      expect(await check([job('cart:1'), settings('2')], 'd-2')).toEqual([]);
    });

    it('are waited for by what is put back, whose other objects are there at once', async () => {
      await apply([job('cart:2'), settings('2')], 'd-2');
      const running = await there();
      const back = [job('cart:1'), settings('1')];
      expect(await check(back, 'd-3', { waits: true })).toEqual([]);
      const waits = apply(back, 'd-3');
      await expect(waits).rejects.toThrow('The Job migrate of a version');
      // It is tried again.
      await expect(waits).rejects.not.toThrow(EngineRefusedError);
      expect(await there()).toEqual(running);
      expect(await versionThere()).toBe('1');
      await end('Succeeded');
      await apply(back, 'd-3');
      expect((await there()).image).toBe('cart:1');
    });

    it('are left alone that somebody else made, and nothing is applied', async () => {
      const theirs = job('theirs:1', { suspend: true });
      await here(
        ...['create', 'configmap', 'settings', '--from-literal=version=0'],
      );
      await world.kubectl(
        ['-n', world.destination.namespace, 'apply', '-f', '-'],
        JSON.stringify(theirs),
      );
      const objects = [settings('1'), job('cart:1')];
      for (const refused of [check(objects, 'd-1'), apply(objects, 'd-1')]) {
        await expect(refused).rejects.toThrow(
          /There is a Job migrate in .* that the platform did not make/,
        );
      }
      expect((await there()).image).toBe('theirs:1');
      expect(await versionThere()).toBe('0');
    });

    it('go with their pods when the manifests do not hold them any more', async () => {
      await apply([job('cart:1'), settings('1')], 'd-1');
      await end('Succeeded');
      expect(await apply([settings('2')], 'd-2')).toContain(
        'removed Job migrate',
      );
      await until(async () => (await pods()).length === 0);
    });
  },
);
