import { describeWithSandbox } from '@highroad/sandbox/testing';
import {
  KubernetesObject,
  Observation,
} from '@highroad/plugin-deployments-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineWorld, podSpec } from './__testUtils__/engineWorld';

const labels = { 'app.kubernetes.io/name': 'cart' };
const workload = (
  kind: string,
  image: string,
  spec: object = {},
): KubernetesObject => ({
  apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
  kind,
  metadata: { name: 'cart' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: {
        labels,
        annotations: { 'sandbox.platform.myorg.com/ready-after': '1s' },
      },
      spec: podSpec('cart', image),
    },
    ...(kind === 'Rollout' && {
      strategy: { canary: { steps: [{ setWeight: 50 }] } },
    }),
    ...spec,
  },
});

describeWithSandbox(
  'a pause that somebody made',
  ['cluster', 'simulated-node'],
  sandbox => {
    const world = engineWorld(sandbox, 'pause');

    const apply = (objects: KubernetesObject[], id: string) =>
      world.engine.apply(world.destination, objects, { deployment: id });
    const until = async (
      objects: KubernetesObject[],
      is: (seen: Observation) => boolean,
    ) => {
      let seen: Observation | undefined;
      for (let tries = 0; tries < 200; tries++) {
        seen = await world.engine.observe(world.destination, objects);
        if (is(seen)) return seen;
        await sleep(150);
      }
      throw new Error(JSON.stringify(seen));
    };

    it.each(['Deployment', 'Rollout'])(
      'does not hold up the next version of a %s',
      async kind => {
        const version = (n: number) => [workload(kind, `cart:${n}`)];
        await apply(version(1), 'd-1');
        await until(version(1), one => one.verdict === 'ready');
        await apply(version(2), 'd-2');
        await world.engine.steer(world.destination, version(2), 'pause');
        await until(version(2), one => one.verdict === 'paused');
        await apply(version(3), 'd-3');
        const { progress } = await until(
          version(3),
          one => one.verdict === 'ready',
        );
        expect(progress.paused).toBe(false);
        const once = { deployment: 'd-3' };
        expect(
          await world.engine.holds(world.destination, version(3), once),
        ).toBe(true);
        expect(
          await world.engine.conflicts(world.destination, version(1), once),
        ).toEqual([]);
      },
    );

    it('stays where the manifests ask for it', async () => {
      const objects = [workload('Deployment', 'cart:1', { paused: true })];
      await apply(objects, 'd-1');
      await apply(objects, 'd-2');
      const seen = await until(objects, one => one.verdict === 'paused');
      expect(seen.progress.paused).toBe(true);
    });

    it('holds the first version of a Deployment too, whose pods become ready all the same', async () => {
      const objects = [workload('Deployment', 'cart:1')];
      await apply(objects, 'd-1');
      await until(objects, one => one.progress.updated === 1);
      await world.engine.steer(world.destination, objects, 'pause');
      const seen = await until(objects, one => one.progress.ready === 1);
      expect(seen).toMatchObject({
        verdict: 'paused',
        summary: 'Paused: 1 of 1 pods are ready',
      });
      await world.engine.steer(world.destination, objects, 'promote');
      await until(objects, one => one.verdict === 'ready');
    });
  },
);
