import { describeWithSandbox } from '@highroad/sandbox/testing';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { Place } from './__testUtils__/Place';
import { PortalProcess } from './__testUtils__/PortalProcess';
import { until } from './__testUtils__/until';
import { z } from 'zod';

jest.setTimeout(240_000);

const podsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        annotations: z.record(z.string()).default({}),
      }),
      status: z.object({
        containerStatuses: z.array(z.record(z.unknown())).default([]),
      }),
    }),
  ),
});

describeWithSandbox(
  'a version that has all the traffic, and whose pods',
  ['cluster', 'registry', 'simulated-node'],
  sandbox => {
    let world: OutsideWorld;
    const portals: PortalProcess[] = [];

    beforeAll(async () => {
      world = await OutsideWorld.create(sandbox, {
        first: {},
        second: {
          version: 'second',
          'sandbox.platform.myorg.com/ready-after': '6s',
        },
      });
    });
    afterAll(async () => {
      for (const portal of portals) await portal.stop();
      await world?.end();
    });

    const podsOf = async (place: Place, version: string) =>
      podsSchema
        .parse(JSON.parse(await place.kubectl(['get', 'pods', '-o', 'json'])))
        .items.filter(
          ({ metadata }) => metadata.annotations.version === version,
        );

    /** As a kubelet does when a readiness probe fails, or succeeds again. */
    const setReady = async (place: Place, ready: boolean) => {
      const [{ metadata, status }] = await podsOf(place, 'second');
      const lastTransitionTime = new Date().toISOString();
      const condition = (type: string) => ({
        ...{ type, status: ready ? 'True' : 'False', lastTransitionTime },
      });
      await place.kubectl([
        ...['patch', 'pod', metadata.name, '--subresource=status'],
        '--patch',
        JSON.stringify({
          status: {
            conditions: [condition('Ready'), condition('ContainersReady')],
            containerStatuses: status.containerStatuses.map(one => ({
              ...one,
              ready,
            })),
          },
        }),
      ]);
    };

    /** A second version that is being watched. */
    const watched = async (
      notReadyFor: string,
    ): Promise<{
      place: Place;
      portal: PortalProcess;
    }> => {
      const place = await world.newPlace({
        environment: { watch: '30s', notReadyFor },
      });
      const portal = await place.start();
      portals.push(portal);
      await portal.deploy('first');
      await portal.settle();
      await portal.deploy('second');
      await until(async () =>
        (
          await portal.list()
        ).some(
          ({ version, summary }) =>
            version === 'second' && summary.startsWith('Ready; watched'),
        ),
      );
      return { place, portal };
    };
    const second = async (portal: PortalProcess) => {
      const all = await portal.settle();
      const back = all.some(({ kind }) => kind === 'rollback');
      return { ...all.find(({ version }) => version === 'second'), back };
    };

    it.concurrent(
      'are not ready any more is put back with what they do, long before the deadline',
      async () => {
        const { place, portal } = await watched('4s');
        await setReady(place, false);
        const failed = await second(portal);
        expect(failed).toMatchObject({
          state: 'failed',
          summary: expect.stringMatching(
            /^Not ready any more for 4 seconds: .* first is put back\.$/,
          ),
          back: true,
        });
        const { deployment } = await portal.ask(`deployments/${failed.id}`);
        expect(deployment.steps.at(-1)).toMatchObject({
          ...{ name: 'watch', state: 'failed' },
          evidence: [
            expect.stringMatching(/^was ready before: cart-/),
            expect.stringMatching(/^cart-.*: runs, but is not ready$/),
          ],
        });
      },
    );

    it.concurrent('are not ready for a moment stays', async () => {
      // As long as a slow machine may take to see that and to write that they are ready again.
      const { place, portal } = await watched('20s');
      await setReady(place, false);
      await until(async () =>
        (
          await portal.list()
        ).some(({ summary }) => summary.startsWith('1 of 2 pods are ready')),
      );
      await setReady(place, true);
      expect(await second(portal)).toMatchObject({
        ...{ state: 'succeeded', back: false },
      });
    });

    it.concurrent(
      'become more, or move to another node, stays though the new ones take longer than that',
      async () => {
        const { place, portal } = await watched('4s');
        await place.kubectl(['scale', 'deployment/cart', '--replicas=3']);
        const [{ metadata }] = await podsOf(place, 'second');
        await place.kubectl(['delete', 'pod', metadata.name, '--wait=false']);
        await until(async () =>
          (
            await portal.list()
          ).some(({ summary }) => /^[12] of 3 pods are ready/.test(summary)),
        );
        expect(await second(portal)).toMatchObject({
          ...{ state: 'succeeded', back: false },
        });
      },
    );
  },
);
