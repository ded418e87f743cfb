import { describeWithSandbox } from '@highroad/sandbox/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { asRollout } from './__testUtils__/cartRepository';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { Place } from './__testUtils__/Place';
import { PortalProcess } from './__testUtils__/PortalProcess';

jest.setTimeout(180_000);

/** A Rollout that leads all the traffic over at once, when a person says so, and keeps the pods before for a while. */
const asBlueGreen = (workload: string) =>
  `${asRollout(workload).trimEnd()}
  strategy:
    blueGreen: {activeService: cart, autoPromotionEnabled: false, scaleDownDelaySeconds: 600}
`;

describeWithSandbox(
  'a whole deployment under blue-green',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;
    let place: Place;
    let portal: PortalProcess;

    beforeAll(async () => {
      world = await OutsideWorld.create(
        sandbox,
        { first: { changed: 'no' }, second: { changed: 'yes' } },
        { first: asBlueGreen, second: asBlueGreen },
      );
      place = await world.newPlace();
      portal = await place.start();
    });
    afterAll(async () => {
      await portal?.stop();
      await world?.end();
    });

    /** The pods that the Service leads to, by the part of their names that tells versions apart. */
    const active = () =>
      place.kubectl([
        ...['get', 'service', 'cart', '-o'],
        'jsonpath={.spec.selector.rollouts-pod-template-hash}',
      ]);
    const sets = async () =>
      (await place.kubectl(['get', 'replicasets', '-o', 'name']))
        .trim()
        .split('\n').length;
    const latest = async () => {
      const [{ id }] = await portal.list();
      return (await portal.ask(`deployments/${id}`)).deployment;
    };

    it('leads the traffic over when a person says so, and back to the pods that were kept', async () => {
      await portal.deploy('first');
      await portal.settle();
      expect(await latest()).toMatchObject({
        ...{ state: 'succeeded', strategy: 'blue-green' },
      });
      const first = await active();
      expect(first).not.toBe('');

      await portal.deploy('second');
      let waiting = await latest();
      for (let tries = 0; tries < 600 && !waiting.progress?.paused; tries++) {
        await sleep(100);
        waiting = await latest();
      }
      expect(waiting).toMatchObject({
        ...{ state: 'shifting', version: 'second' },
        progress: { wanted: 1, ready: 1, paused: true },
      });
      // Its pods are ready, and get nothing yet.
      expect(await active()).toBe(first);
      await portal.ask(`deployments/${waiting.id}/steer`, {
        action: 'promote',
      });
      await portal.settle();
      expect(await latest()).toMatchObject({
        ...{ state: 'succeeded', version: 'second' },
      });
      expect(await active()).not.toBe(first);
      const steered = (await place.records()).filter(
        ({ eventId }) => eventId === 'shift',
      );
      expect(steered.map(({ phase }) => phase)).toEqual(['intent', 'success']);

      await portal.rollback();
      await portal.settle();
      expect(await latest()).toMatchObject({
        ...{ state: 'succeeded', version: 'first', kind: 'rollback' },
        undoes: waiting.id,
      });
      expect(await active()).toBe(first);
      expect(await sets()).toBe(2);
    });
  },
);
