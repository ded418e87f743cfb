import { describeWithSandbox } from '@highroad/sandbox/testing';
import { OutsideWorld } from './__testUtils__/OutsideWorld';
import { Place } from './__testUtils__/Place';
import { Deployed, PortalProcess } from './__testUtils__/PortalProcess';
import { RegistryFront } from './__testUtils__/RegistryFront';
import { until } from './__testUtils__/until';

jest.setTimeout(180_000);

const ACCEPT = { accept: 'application/vnd.oci.image.manifest.v1+json' };

describeWithSandbox(
  'a deployment while the registry has a bad day',
  ['cluster', 'registry'],
  sandbox => {
    let world: OutsideWorld;
    let front: RegistryFront;
    let place: Place;
    let portal: PortalProcess;

    beforeAll(async () => {
      const versions = ['good', 'slow', 'late', 'closed', 'busy', 'away'];
      world = await OutsideWorld.create(
        sandbox,
        Object.fromEntries(
          [...versions, 'gone'].map(name => [name, { version: name }]),
        ),
        {},
        address => {
          front = new RegistryFront(address);
          return front.open();
        },
      );
      place = await world.newPlace();
      portal = await place.start();
      await portal.deploy('good');
      await portal.settle();
    });
    beforeEach(async () => {
      front.mode = { kind: 'passes' };
      front.calls.length = 0;
    });
    afterAll(async () => {
      await portal?.stop();
      await front?.close();
      await world?.end();
    });

    const of = async (version: string): Promise<Deployed | undefined> =>
      (await portal.list()).find(one => one.version === version);
    const outcome = async (version: string) => {
      await portal.settle();
      return of(version);
    };
    const summaryOf = async (version: string) =>
      (await of(version))?.summary ?? '';
    /** What runs is what ran before: nothing was applied. */
    const untouched = async (work: () => Promise<void>) => {
      const before = await place.workload();
      await work();
      expect(await place.workload()).toEqual(before);
    };

    it('goes on as ever where it is slow', async () => {
      front.mode = { kind: 'slow', ms: 1_500 };
      await portal.deploy('slow');
      expect(await outcome('slow')).toMatchObject({ state: 'succeeded' });
      expect(front.calls.length).toBeGreaterThan(1);
    });

    it('tries again where it does not answer in time, and says so', async () => {
      front.mode = { kind: 'slow', ms: 60_000 };
      await portal.deploy('late');
      await until(async () =>
        /^Tries again: The registry .* did not answer within \d+ s/.test(
          await summaryOf('late'),
        ),
      );
      front.mode = { kind: 'passes' };
      expect(await outcome('late')).toMatchObject({ state: 'succeeded' });
    });

    it('fails at once where it lets nobody read, and says what to do', async () => {
      await untouched(async () => {
        front.mode = { kind: 'refuses', status: 401 };
        await portal.deploy('closed');
        const failed = await outcome('closed');
        expect(failed?.state).toBe('failed');
        expect(failed?.summary).toMatch(
          /^The registry .* does not let the platform read .*\(401\)\. If it exists, add credentials .* under "platform\.registries" in app-config\.$/,
        );
        expect(front.calls.length).toBeLessThanOrEqual(2);
      });
    });

    it('leaves it alone for as long as it asks for, then goes on', async () => {
      front.mode = {
        ...{ kind: 'refuses', status: 429 },
        headers: { 'retry-after': '4' },
      };
      await portal.deploy('busy');
      await until(async () => /\(429\)/.test(await summaryOf('busy')));
      expect(await summaryOf('busy')).toMatch(/Try again in 4 s/);
      front.mode = { kind: 'passes' };
      expect(await outcome('busy')).toMatchObject({ state: 'succeeded' });
      const [first, second] = front.calls;
      expect(second - first).toBeGreaterThanOrEqual(3_900);
    });

    it('goes on when it is back that refused connections', async () => {
      await front.close();
      await portal.deploy('away');
      await until(async () =>
        /^Tries again: The registry .* does not answer \(ECONNREFUSED\)/.test(
          await summaryOf('away'),
        ),
      );
      await front.open();
      expect(await outcome('away')).toMatchObject({ state: 'succeeded' });
    });

    it('fails, and has changed nothing, where it stays away', async () => {
      await front.close();
      await untouched(async () => {
        await portal.deploy('gone');
        const failed = await outcome('gone');
        expect(failed?.state).toBe('failed');
        expect(failed?.summary).toMatch(
          /does not answer \(ECONNREFUSED\).*also when tried 6 times\.$/,
        );
      });
      await front.open();
    });

    it('says of an image that was deleted there after it was deployed that it has none, and leaves what runs', async () => {
      const { address } = world.registry;
      const [, digest] = (await place.workload()).image.split('@');
      const url = `${address}/v2/${world.imagePath}/manifests/${digest}`;
      expect(await of('away')).toMatchObject({ state: 'succeeded' });
      expect((await fetch(url, { headers: ACCEPT })).status).toBe(200);
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(202);
      await untouched(async () => {
        await portal.deploy('away', { again: true });
        const [again] = await portal.settle();
        expect(again).toMatchObject({ version: 'away', state: 'failed' });
        expect(again.summary).toMatch(/has no tag "?away"?/);
      });
    });
  },
);
