import { describeWithSandbox } from '@highroad/sandbox/testing';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { PortalProcess } from './__testUtils__/PortalProcess';
import { until } from './__testUtils__/until';

jest.setTimeout(240_000);

describeWithSandbox(
  'a portal whose clock is not the cluster’s',
  ['cluster', 'registry', 'simulated-node'],
  sandbox => {
    let world: OutsideWorld;
    const portals: PortalProcess[] = [];

    beforeAll(async () => {
      world = await OutsideWorld.create(
        sandbox,
        {
          first: {},
          second: {
            version: 'second',
            'sandbox.platform.myorg.com/ready-after': '3s',
          },
          stuck: { 'sandbox.platform.myorg.com/outcome': 'never-ready' },
          homeless: {},
        },
        {
          homeless: workload =>
            workload.replace(
              'serviceAccountName: cart',
              'serviceAccountName: cart\n      nodeSelector: {kubernetes.io/hostname: nowhere}',
            ),
        },
      );
    });
    afterAll(async () => {
      for (const portal of portals) await portal.stop();
      await world?.end();
    });

    const startAt = async (environment: object, minutesAhead: number) => {
      const place = await world.newPlace({ environment });
      const portal = await place.start(undefined, { minutesAhead });
      portals.push(portal);
      return { place, portal };
    };
    const find = async (portal: PortalProcess, version: string) =>
      (await portal.list()).find(one => one.version === version);

    it.concurrent.each([7, -7])(
      'deploys, watches and puts back in as much time as ever, %s minutes ahead of it',
      async minutes => {
        const { place, portal } = await startAt(
          { watch: '3s', progressDeadlineSeconds: 20 },
          minutes,
        );
        await portal.deploy('first');
        expect(await portal.settle()).toMatchObject([{ state: 'succeeded' }]);
        const { image } = await place.workload();
        await portal.deploy('second');
        await portal.settle();
        expect(await find(portal, 'second')).toMatchObject({
          state: 'succeeded',
        });
        const began = Date.now();
        await portal.deploy('stuck');
        await portal.settle();
        expect(Date.now() - began).toBeGreaterThan(19_500);
        expect((await find(portal, 'stuck'))?.summary).toMatch(
          /^Not ready within 20 seconds: .* second is put back\.$/,
        );
        expect((await place.workload()).image).not.toBe(image);
      },
    );

    it.concurrent.each([7, -7])(
      'leaves pods as much time to find a node, %s minutes ahead of it',
      async minutes => {
        const { portal } = await startAt({}, minutes);
        const began = Date.now();
        await portal.deploy('homeless');
        await until(
          async () => (await find(portal, 'homeless'))?.state === 'shifting',
        );
        await until(
          async () => (await find(portal, 'homeless'))?.state === 'failed',
          { withinSeconds: 120 },
        );
        expect((await find(portal, 'homeless'))?.summary).toMatch(
          /^No node takes the pods/,
        );
        expect(Date.now() - began).toBeGreaterThan(59_000);
      },
    );

    it('goes on with what another has left behind that was killed, and whose clock was minutes ahead', async () => {
      const place = await world.newPlace();
      const killed = await place.start(undefined, { minutesAhead: 5 });
      await killed.deploy('second');
      await until(
        async () => (await find(killed, 'second'))?.state === 'shifting',
      );
      killed.child.kill('SIGKILL');
      const portal = await place.start();
      portals.push(portal);
      await until(
        async () => (await find(portal, 'second'))?.state === 'succeeded',
      );
      const workload = await place.workload();
      expect(workload).toMatchObject({ generation: 1, sets: 1 });
      const all = await portal.list();
      const told = () =>
        world.slack.messages.filter(
          ({ metadata }) => metadata.event_payload.id === all[0].id,
        );
      // Who told it before held that for a minute, if nobody knows better.
      await until(async () => told()[0]?.text.startsWith('✔') ?? false);
      expect(told()).toHaveLength(1);
    });
  },
);
