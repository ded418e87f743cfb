import {
  Death,
  describeWithSandbox,
  killSweep,
} from '@highroad/sandbox/testing';
import { asRollout } from './__testUtils__/cartRepository';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { outcomesOf } from './__testUtils__/PortalProcess';
import { Steersman } from './__testUtils__/Steersman';

jest.setTimeout(120 * 60_000);

/** A Rollout that leads all the traffic over at once, when a person says so, and keeps the pods before for a while. */
const asBlueGreen = (workload: string) =>
  `${asRollout(workload).trimEnd()}
  strategy:
    blueGreen: {activeService: cart, autoPromotionEnabled: false, scaleDownDelaySeconds: 600}
`;

describeWithSandbox(
  'a backend that is killed at any call of a deployment under blue-green',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;

    beforeAll(async () => {
      world = await OutsideWorld.create(
        sandbox,
        { first: { changed: 'no' }, second: { changed: 'yes' } },
        { first: asBlueGreen, second: asBlueGreen },
      );
    });
    afterAll(() => world?.end());

    /** Kills one portal at a call while a person leads the traffic over, lets another go on, and looks at what came of it. */
    const kill = async (die: Death) => {
      const place = await world.newPlace();
      const active = () =>
        place.kubectl([
          ...['get', 'service', 'cart', '-o'],
          'jsonpath={.spec.selector.rollouts-pod-template-hash}',
        ]);
      const doomed = await place.start();
      await doomed.deploy('first');
      await doomed.settle();
      const before = { ...(await place.rollout()), active: await active() };
      const person = new Steersman('second', { 0: ['promote'] });
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
      const told = await world.slackOf(all);
      await next.stop();
      const after = { ...(await place.rollout()), active: await active() };
      return {
        ...{ died, calls: calls.length, all, told, ends, before, after },
      };
    };

    it('leads all the traffic over once, and to the new pods', async () => {
      await killSweep({
        name: 'blue-green',
        about: 60,
        kill,
        check({ all, told, ends, before, after }) {
          expect(ends.sort()).toEqual(all.map(({ id }) => id).sort());
          expect(told).toHaveLength(all.length);
          // It may die before it hears of it.
          const wasHeard = all.length > 1;
          expect(outcomesOf(all)).toEqual([
            'deploy first succeeded',
            ...(wasHeard ? ['deploy second succeeded'] : []),
          ]);
          expect({
            ...{ isWhole: after.isWhole, sets: after.sets },
            isOtherImage: after.image !== before.image,
            isOtherActive: after.active !== before.active,
          }).toEqual({
            ...{ isWhole: true, sets: wasHeard ? 2 : 1 },
            ...{ isOtherImage: wasHeard, isOtherActive: wasHeard },
          });
          expect(after.active).not.toBe('');
        },
      });
    });
  },
);
