import { describeWithSandbox, killSweep } from '@highroad/sandbox/testing';
import { Orders } from './__testUtils__/mortalPortal';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { outcomesOf } from './__testUtils__/PortalProcess';

jest.setTimeout(60 * 60_000);

describeWithSandbox(
  'a backend that is killed at any call to the outside',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;

    beforeAll(async () => {
      world = await OutsideWorld.create(sandbox, {
        good: {},
        bad: { 'sandbox.platform.myorg.com/outcome': 'image-pull-error' },
      });
    });
    afterAll(() => world?.end());

    /** Kills one portal at a call, lets another go on, and looks at what came of it. */
    const kill = async (
      begin: string,
      then: string | undefined,
      die: NonNullable<Orders['die']>,
    ) => {
      const place = await world.newPlace();
      const doomed = await place.start(then ? undefined : die);
      if (then) {
        await doomed.deploy(begin);
        await doomed.settle();
        await doomed.dieAt(die);
      }
      // It may die before it can answer, and before it has heard: it looks at what is deployed from its start on.
      const wasAccepted = await doomed.deploy(then ?? begin).then(
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
      const ends = await next.ends();
      const told = await world.slackOf(all);
      await next.stop();
      if (calls.some(call => /PATCH .*deployments\/cart/.test(call))) {
        expect(await place.records()).toContainEqual({
          eventId: 'apply',
          phase: 'intent',
        });
      }
      return {
        ...{ died, calls: calls.length },
        wasAccepted,
        all,
        ends,
        told,
        cluster: await place.workload(),
      };
    };

    /** Kills at calls of a deployment, the last of those that are named. */
    const killEverywhere = (
      steps: [string, string?],
      check: (outcome: Awaited<ReturnType<typeof kill>>) => void,
    ) =>
      killSweep({
        name: steps.join(' '),
        about: 40,
        kill: die => kill(steps[0], steps[1], die),
        check,
      });

    it('ends as it would have, with each effect once', async () => {
      await killEverywhere(['good'], outcome => {
        const { all, ends, told, cluster: found } = outcome;
        expect(all).toMatchObject([{ state: 'succeeded', version: 'good' }]);
        expect(ends).toEqual([all[0].id]);
        expect(told).toHaveLength(1);
        expect(found).toMatchObject({ generation: 1, sets: 1 });
      });
    });

    it('puts back what ran before, once, where the new version fails', async () => {
      await killEverywhere(['good', 'bad'], outcome => {
        const { wasAccepted, all, ends, told, cluster: found } = outcome;
        const neverHeard = !wasAccepted && all.length === 1;
        expect(outcomesOf(all)).toEqual([
          ...(neverHeard ? [] : ['deploy bad failed']),
          'deploy good succeeded',
          ...(neverHeard ? [] : ['rollback good succeeded']),
        ]);
        expect(ends.sort()).toEqual(all.map(({ id }) => id).sort());
        expect(told).toHaveLength(all.length);
        expect(found).toMatchObject(
          neverHeard ? { generation: 1, sets: 1 } : { generation: 3, sets: 2 },
        );
      });
    });
  },
);
