import {
  Death,
  describeWithSandbox,
  killSweep,
} from '@highroad/sandbox/testing';
import { asRollout } from './__testUtils__/cartRepository';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { outcomesOf } from './__testUtils__/PortalProcess';
import { Plan, Steersman } from './__testUtils__/Steersman';

jest.setTimeout(120 * 60_000);

/** A Rollout that goes no further before a person says so, three times. */
const asCanary = (workload: string) =>
  `${asRollout(workload).trimEnd()}
  strategy:
    canary:
      steps:
        - {setWeight: 25}
        - {pause: {}}
        - {setWeight: 50}
        - {pause: {}}
        - {setWeight: 75}
        - {pause: {}}
`;

describeWithSandbox(
  'a backend that is killed at any call while a canary is steered',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;

    beforeAll(async () => {
      world = await OutsideWorld.create(
        sandbox,
        { first: { changed: 'no' }, second: { changed: 'yes' } },
        { first: asCanary, second: asCanary },
      );
    });
    afterAll(() => world?.end());

    /** Kills one portal at a call while a person steers, lets another go on, and looks at what came of it. */
    const kill = async (plan: Plan, die: Death) => {
      const place = await world.newPlace();
      const doomed = await place.start();
      await doomed.deploy('first');
      await doomed.settle();
      const first = await place.rollout();
      const person = new Steersman('second', plan);
      await doomed.dieAt(die);
      await doomed.deploy('second').catch(() => {});
      await person.steer(doomed);
      const { calls } = doomed;
      const died = doomed.isDead ? calls.at(-1) : undefined;
      await doomed.stop();
      await place.letLeasesEnd();
      const next = await place.start();
      await person.steer(next);
      const all = await next.settle();
      const ends = await next.ends();
      const second = all.find(({ version }) => version === 'second');
      const traffic: Array<{ weight: number }> = second
        ? (await next.ask(`deployments/${second.id}`)).deployment.traffic ?? []
        : [];
      const told = await world.slackOf(all);
      await next.stop();
      const cluster = await place.rollout();
      return {
        ...{ died, calls: calls.length, all, told, cluster, first },
        asked: person.asked,
        weights: traffic.map(({ weight }) => weight).filter(one => one > 0),
        ends,
      };
    };

    const killEverywhere = (
      name: string,
      plan: Plan,
      check: (outcome: Awaited<ReturnType<typeof kill>>) => void,
    ) =>
      killSweep({
        name,
        about: 90,
        kill: die => kill(plan, die),
        check(outcome) {
          const { all, ends, told } = outcome;
          const ids = all.map(({ id }) => id).sort();
          if (told.length !== ids.length || `${ends.sort()}` !== `${ids}`) {
            throw new Error(`It ended ${ends}, and Slack has ${told.length}`);
          }
          // It may die before it hears of it.
          if (all.length > 1) check(outcome);
        },
      });
    it.concurrent(
      'leads it through all that a person wanted, and no step further',
      async () => {
        await killEverywhere(
          'steered to its end',
          { 25: ['pause', 'promote'], 50: ['skip'], 75: ['promote-full'] },
          ({ all, weights, cluster, first }) => {
            expect(outcomesOf(all)).toEqual([
              ...['deploy first succeeded', 'deploy second succeeded'],
            ]);
            expect(weights).toEqual([25, 50, 75, 100]);
            expect(cluster).toMatchObject({ isWhole: true, sets: 2 });
            expect(cluster.image).not.toBe(first.image);
          },
        );
      },
    );

    it.concurrent(
      'puts back what ran before, once, where a person aborts it',
      async () => {
        await killEverywhere(
          'an aborted canary',
          { 25: ['promote'], 50: ['abort'] },
          ({ all, weights, cluster, first }) => {
            expect(outcomesOf(all)).toEqual([
              ...['deploy first succeeded', 'deploy second cancelled'],
              'rollback first succeeded',
            ]);
            expect(Math.max(...weights)).toBe(50);
            expect(cluster).toEqual({ ...first, sets: 2 });
          },
        );
      },
    );
  },
);
