import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';
import { Life, MortalClient } from './__testUtils__/MortalProcess';

jest.setTimeout(240_000);

const COUNT = 30;

describeWithSandbox(
  'two processes that look after environments',
  ['cluster', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;

    beforeAll(async () => {
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        settings: { quota: { perTeam: COUNT, total: COUNT } },
      });
    });
    afterAll(() => world.cleanUp());

    it('make each of many environments once, also if the one that leads is killed amid them', async () => {
      // Each takes about ten calls, so that some are done then, some begun, and some not.
      const life = new Life({ at: COUNT * 5, moment: 'after' });
      const doomed = await world.startAnother('doomed', {
        client: new MortalClient({ config: world.kubeConfig(), life }),
      });
      await world.until(() => doomed.controller.leading, 'a leader');
      const standby = world.start('standby');
      const names = Array.from({ length: COUNT }, () => world.name('many'));
      life.begin();
      await world.cluster.kubectl(
        ['apply', '--filename=-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'List' },
          items: names.map(name => world.manifest(name, { owner: OWNER })),
        }),
      );
      await world.until(() => life.dead, 'the death of the leader');
      await doomed.stop();
      const { controller } = await standby;
      await world.until(() => controller.leading, 'the next leader');
      await Promise.all(
        names.map(name => world.untilPhase(name, 'ready', 120_000)),
      );
      // What one has made whole, the other finds as it should be.
      const made = await world.cluster.kubectl([
        ...['get', 'deployments', '--all-namespaces'],
        '--selector=platform.myorg.com/environment-name',
        `--output=jsonpath={range .items[?(@.metadata.labels.platform\\.myorg\\.com/environment-home=="${world.settings.namespace}")]}{.metadata.namespace} {.metadata.generation}{"\\n"}{end}`,
      ]);
      expect(made.trim().split('\n').sort()).toEqual(
        names.map(name => `env-${name} 1`).sort(),
      );
    });
  },
);
