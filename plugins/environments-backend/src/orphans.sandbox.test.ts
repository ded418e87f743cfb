import { KIND } from '@highroad/plugin-environments-common';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';
import { Orphans } from './service/Orphans';

jest.setTimeout(180_000);

describeWithSandbox(
  'what is left of environments that are gone',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;
    let orphans: Orphans;
    const { signal } = new AbortController();

    beforeAll(async () => {
      world = new EnvironmentWorld({ cluster: await sandbox.cluster() });
      const client = world.client();
      orphans = new Orphans({
        ...{ client: () => client, drivers: new Map() },
        settings: world.settings,
      });
      await world.start();
    });
    afterAll(async () => {
      await world.cleanUp();
    });

    it('is found, and removed only where the cluster says that the platform made it', async () => {
      const [lost, living, forged] = ['lost', 'living', 'forged'].map(
        beginning => world.name(beginning),
      );
      await world.apply(lost);
      await world.apply(living);
      await world.untilPhase(lost, 'ready');
      await world.untilPhase(living, 'ready');
      const made = await world.object('namespace', `env-${lost}`);
      // The controller is away, and somebody takes the finalizer and the resource.
      await world.stop();
      const at = [KIND, lost];
      await world.cluster.kubectl([
        ...['patch', ...at, '--type=merge'],
        '--patch={"metadata":{"finalizers":[]}}',
      ]);
      await world.cluster.kubectl(['delete', ...at]);
      // Somebody else's namespace that says it were ours.
      await world.cluster.kubectl(
        ['apply', '--filename=-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Namespace' },
          metadata: {
            name: `env-${forged}`,
            labels: {
              ...made?.metadata.labels,
              'platform.myorg.com/environment-uid': 'none',
            },
          },
        }),
      );

      const found = await orphans.list();
      expect(found.map(({ namespace, ours }) => [namespace, ours])).toEqual([
        [`env-${lost}`, true],
        [`env-${forged}`, false],
      ]);
      await expect(orphans.remove(`env-${living}`, signal)).rejects.toThrow(
        /is not what is left/,
      );
      await expect(orphans.remove(`env-${forged}`, signal)).rejects.toThrow(
        /does not say that this platform made/,
      );
      await orphans.remove(`env-${lost}`, signal);
      expect(await orphans.list()).toHaveLength(1);
      expect(await world.object('namespace', `env-${living}`)).toBeDefined();
      await world.cluster.kubectl([
        ...['delete', 'namespace', `env-${forged}`, '--wait=false'],
      ]);
      await world.start();
    });
  },
);
