import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';

describeWithSandbox(
  'how many environments there may be',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;

    beforeAll(async () => {
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        settings: { quota: { perTeam: 4, total: 5 } },
      });
      await world.start();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    it('refuses one more than a team may have, names what to end, and takes it in when that has gone', async () => {
      const names = await Promise.all(
        [1, 2, 3, 4, 5].map(async () => {
          const name = world.name('full');
          await world.apply(name, { ttl: '30m' });
          return name;
        }),
      );
      const refused = async () => {
        const all = await Promise.all(names.map(name => world.get(name)));
        return all.filter(one => one?.status.phase === 'refused');
      };
      await world.until(
        async () => (await refused()).length === 1,
        'a refusal',
      );
      await world.until(async () => {
        const all = await Promise.all(names.map(name => world.get(name)));
        return all.filter(one => one?.status.phase === 'ready').length === 4;
      }, 'the four others');
      const [over] = await refused();
      // When the others end is known a little after there is no room beside them.
      const told = await world.untilResource(
        over?.name ?? '',
        ({ status }) =>
          new RegExp(
            `^${OWNER} has 4 of the 4 environments that it may have. End one: full-.* UTC\\)`,
          ).test(status.message ?? ''),
        'what could be ended',
      );
      expect(told.status.namespace).toBeUndefined();
      const taken = names.find(name => name !== over?.name) ?? '';
      await world.resources.delete({
        home: world.settings.namespace,
        name: taken,
      });
      await world.untilPhase(over?.name ?? '', 'ready', 120_000);
    });
  },
);
