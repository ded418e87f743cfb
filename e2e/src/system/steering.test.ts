import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ShellBlock, shellBlocks } from '../docs/shellBlocks';
import { readPage, Terminal } from '../docs/Terminal';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { ServiceRepository } from '../support/ServiceRepository';
import { until } from '../support/until';
import { GIT_ANSWERS } from './support/gitAnswers';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const STEERING = 'docs/quick-starts/steer-a-deployment.md';
const DEVIATION = 'docs/quick-starts/off-the-golden-path.md';
const WORKLOAD = 'deploy/base/workload.yaml';

const deploymentSchema = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  version: z.string(),
  progress: z
    .object({ weight: z.number().optional(), paused: z.boolean() })
    .optional(),
});
const listSchema = z.object({ items: z.array(deploymentSchema) });
const statusSchema = z.object({
  items: z.array(z.object({ running: deploymentSchema.optional() })),
});
const deviationsSchema = z.object({
  items: z.array(z.object({ id: z.string(), state: z.string() })),
});

/** A canary that a person holds, leads and takes back, and a guardrail that one lifts, as the pages say. */
describeWithSandbox(
  'Steering a deployment, and a way off the golden path',
  ['real-node', 'registry', 'git-host'],
  sandbox => {
    const name = `steer-${randomBytes(3).toString('hex')}`;
    const repository = ServiceRepository.ofService(sandbox, name);
    let portal: RunningPortal;
    let terminal: Terminal;

    beforeAll(async () => {
      portal = await startPortal();
      terminal = await Terminal.open(portal);
      await terminal.run(GIT_ANSWERS);
    }, 10 * MINUTE);
    afterAll(async () => {
      await terminal.close();
      const { kubectl } = await sandbox.cluster();
      await kubectl([
        ...['delete', 'namespace', '--ignore-not-found', '--wait=false'],
        `${name}-staging`,
      ]);
      await portal.stop();
    });

    const answered = async (...args: string[]): Promise<unknown> => {
      const { stdout } = await platform(portal, [...args, '--json']);
      return JSON.parse(stdout);
    };
    const listed = async (...args: string[]) =>
      listSchema.parse(await answered('deployment', 'list', name, ...args))
        .items;
    const running = async () =>
      statusSchema.parse(await answered('status', name, '--env', 'staging'))
        .items[0]?.running;
    const isShifting = () =>
      until(
        async () =>
          (await listed('--active')).find(({ state }) => state === 'shifting'),
        5 * MINUTE,
        () => 'No traffic is shifted.',
        SECOND,
      );
    const run = async ({ line, commands }: ShellBlock, code = 0) => {
      const { address, organization } = sandbox.connection.gitea;
      const outcome = await terminal.run(
        commands
          .replaceAll(
            'http://127.0.0.1:13000/highroad/',
            `${address}/${organization}/`,
          )
          .replaceAll(/shop-canary|my-service/g, name),
      );
      expect({ ...outcome, line }).toEqual({
        ...{ line, code, output: expect.any(String) },
      });
      return outcome.output;
    };

    it(
      'holds it, goes on, leaves out steps, takes its place, aborts it, cancels one and goes back as the quick-start says',
      async () => {
        const blocks = shellBlocks(await readPage(STEERING));
        const found: Record<string, unknown> = {};
        for (const block of blocks) {
          const { commands } = block;
          if (commands.includes('--version')) {
            await repository.untilBuilt(await repository.head());
          }
          if (/deployment (pause|abort)/.test(commands)) await isShifting();
          const output = await run(block);
          if (commands.includes('deployment pause')) {
            found.held = await until(
              async () => (await listed('--active'))[0]?.progress?.paused,
              MINUTE,
              () => 'It is not held.',
              SECOND,
            );
          }
          if (commands.includes('skip $ID --all')) {
            const [{ state, version }] = await listed();
            const isNewest = version === (await repository.head());
            found.led = isNewest && state;
          }
          if (commands.includes('--supersede')) {
            found.underWay = (await listed('--active')).length;
          }
          const [, taken] = /deployment (abort|cancel)/.exec(commands) ?? [];
          if (taken) {
            const ended = await until(
              async () => {
                const active = await listed('--active');
                const all = await listed();
                const one = all.find(({ kind }) => kind !== 'rollback');
                return active.length === 0 && one;
              },
              5 * MINUTE,
              () => 'It does not end.',
              SECOND,
            );
            const isGone = (await running())?.version !== ended.version;
            found[taken] = isGone && ended.state;
          }
          if (commands.includes('--to $FIRST')) {
            const first = (await listed('--state', 'succeeded')).at(-1);
            const { kind, version } = (await running()) ?? {};
            found.back = version === first?.version && kind;
          }
          if (commands.includes('platform status')) {
            found.told = output.includes('pods');
          }
        }
        expect(found).toEqual({
          ...{ held: true, led: 'succeeded', underWay: 1 },
          ...{ abort: 'cancelled', cancel: 'cancelled' },
          ...{ back: 'rollback', told: true },
        });
      },
      40 * MINUTE,
    );

    it(
      'lifts a guardrail until a day, and has it hold again, as the quick-start says',
      async () => {
        const blocks = shellBlocks(await readPage(DEVIATION));
        const [lift, list, end] = blocks;
        expect(blocks).toHaveLength(3);
        const version = await repository.change(WORKLOAD, text =>
          text.replace(/\n\s+readinessProbe:(\n {12}.*)+/, ''),
        );
        await repository.untilBuilt(version);
        const deploy = () =>
          platform(portal, [
            ...['deploy', name, '--env', 'staging', '--version', version],
            '--force',
          ]);
        const refused = await deploy();
        expect(refused.code).toBe(3);
        expect(refused.stderr).toContain(
          `platform deviation add ${name} --env staging --guardrail readiness-probe`,
        );

        const inMonth = new Date(Date.now() + 30 * 24 * 60 * MINUTE);
        const until30 = inMonth.toISOString().slice(0, 10);
        await run({
          ...lift,
          commands: lift.commands.replace(/--until \S+/, `--until ${until30}`),
        });
        const lifted = await deploy();
        expect({ code: lifted.code, stderr: lifted.stderr }).toMatchObject({
          code: 0,
        });
        const [{ id }] = await listed('--state', 'succeeded', '--limit', '1');
        const { stdout } = await platform(portal, ['deployment', 'show', id]);
        expect(stdout).toMatch(/readiness-probe[^]*it serves nobody/);
        expect(await run(list)).toContain('readiness-probe');

        const { items } = deviationsSchema.parse(
          await answered('deviation', 'list', name),
        );
        expect(items).toMatchObject([{ state: 'active' }]);
        await run({
          ...end,
          commands: end.commands.replace(
            /[0-9a-f]{8}(-[0-9a-f]+){4}/,
            items[0].id,
          ),
        });
        expect((await deploy()).code).toBe(3);
      },
      40 * MINUTE,
    );
  },
);
