import {
  Death,
  describeWithSandbox,
  killSweep,
} from '@highroad/sandbox/testing';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { outcomesOf } from './__testUtils__/PortalProcess';

jest.setTimeout(60 * 60_000);

const SERVICE = 'component:default/cart';

describeWithSandbox(
  'a backend that is killed at any call of a promotion',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;

    beforeAll(async () => {
      world = await OutsideWorld.create(sandbox, { good: {} });
    });
    afterAll(() => world?.end());

    /** Kills one portal at a call, lets another go on, and looks at what came of it. */
    const kill = async (die: Death) => {
      const place = await world.newPlace({ isPromotedTo: true });
      const { environment, source: from = '' } = place;
      const doomed = await place.start();
      await doomed.ask('deployments', {
        ...{ service: SERVICE, environment: from, version: 'good' },
      });
      await doomed.settle();
      await doomed.dieAt(die);
      // It may die before it can answer, and before it has heard.
      const wasAccepted = await doomed
        .ask('promotions', { service: SERVICE, from, environment })
        .then(
          () => true,
          () => false,
        );
      await doomed.settle();
      const { calls } = doomed;
      const died = doomed.isDead ? calls.at(-1) : undefined;
      await doomed.stop();
      await place.letLeasesEnd();
      const next = await place.start();
      const all = await next.settle();
      const digests: string[] = await Promise.all(
        all.map(async ({ id }) => {
          const { deployment } = await next.ask(`deployments/${id}`);
          return deployment.digest;
        }),
      );
      const ends = await next.ends();
      const told = await world.slackOf(all);
      await next.stop();
      return {
        ...{ died, calls: calls.length, wasAccepted, all, digests, told },
        ends,
        cluster: all.length > 1 ? await place.workload() : undefined,
      };
    };

    it('brings exactly what runs in the one environment to the other, once', async () => {
      await killSweep({
        name: 'promotion',
        about: 40,
        kill,
        check({ wasAccepted, all, digests, ends, told, cluster }) {
          const wasHeard = wasAccepted || all.length > 1;
          expect(outcomesOf(all)).toEqual([
            'deploy good succeeded',
            ...(wasHeard ? ['promotion good succeeded'] : []),
          ]);
          expect(new Set(digests).size).toBe(1);
          expect(ends.sort()).toEqual(all.map(({ id }) => id).sort());
          expect(told).toHaveLength(all.length);
          const found = cluster && {
            ...{ generation: cluster.generation, sets: cluster.sets },
            isThatImage: cluster.image.includes(digests[0]),
          };
          expect(found).toEqual(
            wasHeard
              ? { generation: 1, sets: 1, isThatImage: true }
              : undefined,
          );
        },
      });
    });
  },
);
