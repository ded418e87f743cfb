import { describeWithSandbox } from '@highroad/sandbox/testing';
import { OutsideWorld } from '../__testUtils__/OutsideWorld';
import { Place } from '../__testUtils__/Place';
import { PortalProcess } from '../__testUtils__/PortalProcess';

describeWithSandbox(
  'a service off the golden path',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;
    let place: Place;
    let portal: PortalProcess;

    beforeAll(async () => {
      world = await OutsideWorld.create(
        sandbox,
        { good: {}, unlimited: {}, again: {}, boundless: {} },
        {
          unlimited: text => text.replace(/\n *limits:.*/, ''),
          boundless: text => text.replace(/\n *resources:\n.*\n.*/, ''),
          again: text => text.replace(/\n *limits:.*/, '\n          # none'),
        },
      );
      place = await world.newPlace();
      portal = await place.start();
    });
    afterAll(async () => {
      await portal?.stop();
      await world?.end();
    });

    const deployed = async (version: string) => {
      await portal.deploy(version);
      // What fails after it was applied is put back by a deployment of its own.
      const all = await portal.settle();
      return all.filter(({ kind }) => kind === 'deploy')[0];
    };

    it('is refused with what lifts it, let through while that is lifted, and refused again after', async () => {
      const { environment } = place;
      const service = 'component:default/cart';
      expect(await deployed('good')).toMatchObject({ state: 'succeeded' });
      const before = await place.workload();

      const refused = await deployed('unlimited');
      expect(refused.state).toBe('failed');
      const { deployment: why } = await portal.ask(`deployments/${refused.id}`);
      expect(JSON.stringify(why.steps)).toContain(
        `platform deviation add cart --env ${environment} --guardrail limits`,
      );
      expect(await place.workload()).toEqual(before);

      const { deviation } = await portal.ask('deviations', {
        ...{ service, environment, guardrail: 'limits' },
        reason: 'It takes what the node has, on purpose.',
        until: new Date(Date.now() + 3_600_000).toISOString(),
      });
      const passed = await deployed('unlimited');
      expect(passed).toMatchObject({ state: 'succeeded' });
      const { deployment: how } = await portal.ask(`deployments/${passed.id}`);
      expect(JSON.stringify(how.steps)).toMatch(
        /They hold, but for 1 that deviations lift/,
      );
      const limits = await place.kubectl([
        ...['get', 'deployment/cart'],
        ...['--output=jsonpath={..containers[0].resources.limits}'],
      ]);
      expect(limits.trim()).toBe('');

      await portal.ask(`deviations/${deviation.id}/end`, {});
      const after = await deployed('again');
      expect(after.state).toBe('failed');
      // What runs is not touched by the end of a deviation.
      expect(await place.workload()).toMatchObject({ generation: 2 });
    });

    it('runs without anything about resources too, where both are lifted', async () => {
      for (const guardrail of ['limits', 'requests']) {
        await portal.ask('deviations', {
          ...{ service: 'component:default/cart', guardrail },
          environment: place.environment,
          reason: 'It takes what the node has, on purpose.',
          until: new Date(Date.now() + 3_600_000).toISOString(),
        });
      }
      expect(await deployed('boundless')).toMatchObject({ state: 'succeeded' });
    });
  },
);
