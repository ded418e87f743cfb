import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { z } from 'zod';
import { shellBlocks } from '../docs/shellBlocks';
import { readPage, Terminal } from '../docs/Terminal';
import { callAction } from '../support/callAction';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { ServiceRepository } from '../support/ServiceRepository';
import { until } from '../support/until';
import { GIT_ANSWERS } from './support/gitAnswers';
import { throughIngress } from './support/throughIngress';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const PAGE = 'docs/quick-starts/deploy.md';
const WORKLOAD = 'deploy/base/workload.yaml';

const answerSchema = z.object({
  deployment: z.object({
    id: z.string(),
    state: z.string(),
    version: z.string(),
    kind: z.string(),
    undoneBy: z.string().optional(),
  }),
});
const foundSchema = z.object({ id: z.string(), kind: z.string() });
const stepsSchema = z.array(z.object({ name: z.string() }));
const statusSchema = z.object({
  items: z.array(
    z.object({
      environment: z.string(),
      running: z.object({ version: z.string(), kind: z.string() }).optional(),
    }),
  ),
});

/** From a pushed commit to pods that answer, and back again when they do not: every part is the real one. */
describeWithSandbox(
  'Deploying a service',
  ['real-node', 'registry', 'git-host'],
  sandbox => {
    const name = `ship-${randomBytes(3).toString('hex')}`;
    /** The one that the quick-start makes */
    const quick = `quick-${randomBytes(3).toString('hex')}`;
    let portal: RunningPortal;
    const repository = ServiceRepository.ofService(sandbox, name);
    const versions: string[] = [];

    beforeAll(async () => {
      portal = await startPortal();
    }, 10 * MINUTE);
    afterAll(async () => {
      const { kubectl } = await sandbox.cluster();
      await kubectl([
        ...['delete', 'namespace', '--ignore-not-found', '--wait=false'],
        ...[name, quick].flatMap(service => [
          `${service}-staging`,
          `${service}-production`,
        ]),
      ]);
      await portal.stop();
    });

    const ready = async () => {
      const { status } = await throughIngress(
        sandbox.connection.ingress,
        `${name}.staging`,
        '/readyz',
      );
      return status;
    };
    const deployed = async (...args: string[]) => {
      const { code, stdout, stderr } = await platform(portal, [
        ...args,
        '--json',
      ]);
      const parsed = answerSchema.safeParse(
        stdout ? JSON.parse(stdout) : undefined,
      );
      return { code, stderr, deployment: parsed.data?.deployment };
    };
    const running = async (service = name) => {
      const { stdout } = await platform(portal, [
        ...['status', service, '--env', 'staging', '--json'],
      ]);
      return statusSchema.parse(JSON.parse(stdout)).items[0]?.running;
    };
    it(
      'begins with a service whose image the builder has pushed',
      async () => {
        const { code } = await platform(portal, [
          ...['service', 'create', name, '--type', 'api', '--language', 'go'],
          ...['--database', 'postgres', '--json'],
        ]);
        expect(code).toBe(0);
        versions.push(await repository.head());
        await repository.untilBuilt(versions[0]);
      },
      26 * MINUTE,
    );

    it(
      'brings it to an environment, where it answers through the ingress with a database of its own',
      async () => {
        const { code, stderr, deployment } = await deployed(
          ...['deploy', name, '--env', 'staging', '--version', versions[0]],
        );
        expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({
          code: 0,
          stderr: '',
        });
        expect(deployment).toMatchObject({ state: 'succeeded' });
        const status = await until(
          async () => ((await ready()) === 200 ? 200 : undefined),
          5 * MINUTE,
          () => 'The service does not answer.',
          SECOND,
        );
        expect(status).toBe(200);
      },
      20 * MINUTE,
    );

    /** The address that its pods are given. */
    const database = async () => {
      const { kubectl } = await sandbox.cluster();
      const encoded = await kubectl([
        ...['get', 'secret', name, `--namespace=${name}-staging`],
        '--output=jsonpath={.data.DATABASE_URL}',
      ]);
      return new URL(Buffer.from(encoded, 'base64').toString());
    };

    it(
      'has its pods use a secret that is set while they run',
      async () => {
        const address = await database();
        const mark = `set-${randomBytes(3).toString('hex')}`;
        // Whoever connects with it says so to the server.
        address.searchParams.set('application_name', mark);
        const { code, stderr } = await platform(portal, [
          ...['secrets', 'set', `${name}/DATABASE_URL`, String(address)],
          ...['--env', 'staging', '--json'],
        ]);
        expect({ code, stderr }).toEqual({
          code: 0,
          stderr: expect.not.stringContaining(address.password),
        });
        const { host, port, user, password } = sandbox.connection.postgres;
        const client = new Client({
          ...{ host, port, user, password, database: 'postgres' },
        });
        await client.connect();
        try {
          await until(
            async () => {
              const { rows } = await client.query(
                'SELECT 1 FROM pg_stat_activity WHERE application_name = $1',
                [mark],
              );
              return rows.length > 0;
            },
            5 * MINUTE,
            () => 'No pod uses it.',
            SECOND,
          );
        } finally {
          await client.end();
        }
        expect(await ready()).toBe(200);
      },
      20 * MINUTE,
    );

    it(
      'rotates the credentials of its database while it runs',
      async () => {
        const user = async () => (await database()).username;
        const first = await user();
        const rotate = async (...more: string[]) => {
          const { code, stderr } = await platform(portal, [
            ...['secrets', 'rotate', `${name}/DATABASE_URL`],
            ...['--env', 'staging', '--json', ...more],
          ]);
          expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({
            ...{ code: 0, stderr: '' },
          });
        };
        await rotate('--every', '30d', '--generator', 'postgres');
        await rotate();
        await until(
          async () => ((await user()) === `${first}_a` ? true : undefined),
          5 * MINUTE,
          () => 'The cluster does not have the new credentials.',
          SECOND,
        );
        // Its pods are replaced for it, one after the other.
        const restarted = await until(
          async () => {
            const { kubectl } = await sandbox.cluster();
            const text = await kubectl([
              ...['get', `deployment/${name}`, `--namespace=${name}-staging`],
              '--output=jsonpath={.spec.template.metadata.annotations}',
            ]);
            return text.includes('secrets-changed-at') || undefined;
          },
          5 * MINUTE,
          () => 'Nothing was restarted.',
          SECOND,
        );
        expect(restarted).toBe(true);
        const { kubectl } = await sandbox.cluster();
        await kubectl([
          ...['rollout', 'status', `deployment/${name}`, '--timeout=120s'],
          `--namespace=${name}-staging`,
        ]);
        expect(await ready()).toBe(200);
      },
      20 * MINUTE,
    );

    it(
      'refuses a version that has no image, and writes nothing',
      async () => {
        const { code, stderr } = await deployed(
          ...['deploy', name, '--env', 'production', '--version', 'no-such'],
        );
        expect(code).toBe(1);
        expect(stderr).toContain('has no tag "no-such"');
        const { kubectl } = await sandbox.cluster();
        const namespaces = await kubectl(['get', 'namespaces', '-o', 'name']);
        expect(namespaces).toContain(`${name}-staging`);
        expect(namespaces).not.toContain(`${name}-production`);
      },
      20 * MINUTE,
    );

    it(
      'refuses what breaks a guardrail, and says what lifts it',
      async () => {
        const bad = await repository.change(WORKLOAD, text =>
          text.replace(/\n\s+readinessProbe:(\n {12}.*)+/, ''),
        );
        await repository.untilBuilt(bad);
        const { code, stderr } = await deployed(
          ...['deploy', name, '--env', 'staging', '--version', bad],
        );
        expect(code).toBe(3);
        expect(stderr).toContain('A guardrail refuses it');
        expect(stderr).toContain('Add a readinessProbe');
        expect(await running()).toMatchObject({ version: versions[0] });
      },
      25 * MINUTE,
    );

    it(
      'puts the last good version back when a new one does not start, and requests are answered all along',
      async () => {
        const good = await repository.read(WORKLOAD, versions[0]);
        const bad = await repository.change(WORKLOAD, () =>
          good.replace(
            /(\n\s+)image: /,
            '$1command: ["/no-such-program"]$1image: ',
          ),
        );
        await repository.untilBuilt(bad);
        const answers: number[] = [];
        let asking = true;
        const client = (async () => {
          while (asking) answers.push(await ready());
        })();
        const { code, stderr, deployment } = await deployed(
          ...['deploy', name, '--env', 'staging', '--version', bad],
        );
        expect(code).toBe(1);
        expect(stderr).toContain('no-such-program');
        expect(stderr).toContain(`${versions[0]} is put back`);
        expect(deployment).toMatchObject({
          state: 'failed',
          undoneBy: expect.any(String),
        });
        const back = await until(
          async () => {
            const found = await running();
            return found?.kind === 'rollback' ? found : undefined;
          },
          5 * MINUTE,
          () => 'It is not put back.',
          SECOND,
        );
        asking = false;
        await client;
        expect(back.version).toBe(versions[0]);
        expect(answers.length).toBeGreaterThan(20);
        expect(answers.filter(status => status !== 200)).toEqual([]);
      },
      30 * MINUTE,
    );

    it(
      'says what a program printed that ends as soon as it starts, also when its pods are gone',
      async () => {
        const good = await repository.read(WORKLOAD, versions[0]);
        const bad = await repository.change(WORKLOAD, () =>
          good.replace(/(- name: PORT\n\s+value: )\S+/, "$1'many'"),
        );
        await repository.untilBuilt(bad);
        const { code, stderr, deployment } = await deployed(
          ...['deploy', name, '--env', 'staging', '--version', bad],
        );
        const printed = 'PORT must be a whole number from 1 to 65535';
        expect(code).toBe(1);
        expect(stderr).toMatch(
          /crashes again and again \(Error, exit code 1, \d+ restarts\)/,
        );
        expect(stderr).toContain(printed);
        expect(deployment).toMatchObject({ state: 'failed' });
        await until(
          async () => {
            const { stdout } = await platform(portal, [
              ...['deployment', 'list', name, '--active', '--json'],
            ]);
            const { items } = z
              .object({ items: z.array(foundSchema) })
              .parse(JSON.parse(stdout));
            return items.length === 0 || undefined;
          },
          5 * MINUTE,
          () => 'It is not put back.',
          SECOND,
        );
        expect(await running()).toMatchObject({ version: versions[0] });
        const { stdout } = await platform(portal, [
          ...['deployment', 'show', String(deployment?.id)],
        ]);
        expect(stdout).toContain(printed);
      },
      30 * MINUTE,
    );

    it(
      'takes the very image elsewhere, and goes back to nothing that did not do well',
      async () => {
        const promoted = await deployed(
          ...['promote', name, '--from', 'staging', '--to', 'production'],
        );
        expect(promoted).toMatchObject({
          code: 0,
          deployment: { kind: 'promotion', version: versions[0] },
        });
        // What did not start in staging was rolled back already.
        for (const environment of ['production', 'staging']) {
          const back = await deployed('rollback', name, '--env', environment);
          expect(back.code).toBe(5);
          expect(back.stderr).toContain('Nothing to roll back to');
        }
      },
      20 * MINUTE,
    );

    it(
      'goes from a commit to production and back as the quick-start says',
      async () => {
        const { address, organization } = sandbox.connection.gitea;
        const here = (text: string) =>
          text
            .replaceAll(
              'http://127.0.0.1:13000/highroad/',
              `${address}/${organization}/`,
            )
            .replaceAll('shop-api', quick);
        const terminal = await Terminal.open(portal);
        const head = async () => {
          const { output } = await terminal.run(
            here('git -C ../shop-api rev-parse HEAD'),
          );
          return output.trim();
        };
        try {
          const prepared = await terminal.run(GIT_ANSWERS);
          expect(prepared).toEqual({ code: 0, output: '' });
          let first: string | undefined;
          const blocks = shellBlocks(await readPage(PAGE));
          expect(blocks.length).toBeGreaterThan(8);
          for (const { line, commands } of blocks) {
            if (commands.includes('--version')) {
              first ??= await head();
              await ServiceRepository.ofService(sandbox, quick).untilBuilt(
                await head(),
              );
            }
            const { code, output } = await terminal.run(here(commands));
            const isMissing = commands.includes('9.9.9');
            expect({ line, code, output }).toEqual({
              line,
              code: isMissing ? 1 : 0,
              output: expect.stringContaining(
                isMissing ? 'has no tag "9.9.9"' : '',
              ),
            });
          }
          expect(await head()).not.toBe(first);
          expect(await running(quick)).toEqual({
            version: first,
            kind: 'rollback',
          });
        } finally {
          await terminal.close();
        }
      },
      50 * MINUTE,
    );

    it(
      'is seen by AI clients too, with its steps and what it applied',
      async () => {
        const { items } = z.object({ items: z.array(foundSchema) }).parse(
          await callAction(portal, 'deployments.deployments', {
            ...{ service: `component:default/${name}`, limit: 1 },
            environment: 'production',
          }),
        );
        expect(items).toMatchObject([{ kind: 'promotion' }]);
        const [{ id }] = items;
        const { deployment } = z
          .object({ deployment: foundSchema.extend({ steps: stepsSchema }) })
          .parse(await callAction(portal, 'deployments.deployment', { id }));
        expect(deployment.steps.map(step => step.name)).toContain('apply');
        const applied = await callAction(
          portal,
          'deployments.deployment-manifests',
          { id },
        );
        expect(applied).toMatchObject({
          text: expect.stringContaining('kind: Deployment'),
        });
        await expect(
          callAction(portal, 'deployments.cancel-deployment', { id }),
        ).rejects.toThrow(/has ended/);
      },
      20 * MINUTE,
    );

    it(
      'is on record, by who asked for it and where',
      async () => {
        const { stdout } = await platform(portal, [
          ...['audit', 'search', name, '--env', 'production', '--json'],
        ]);
        const { items } = z
          .object({
            items: z.array(
              z.object({
                event: z.string(),
                door: z.string(),
                severity: z.string(),
              }),
            ),
          })
          .parse(JSON.parse(stdout));
        expect(items.map(item => item.event)).toEqual(
          expect.arrayContaining(['deploy', 'promote', 'rollback']),
        );
        const asked = items.filter(item => item.door === 'cli');
        const applied = items.filter(item => item.event === 'apply');
        // In production nothing is done that could not be recorded.
        expect(asked.length).toBeGreaterThan(2);
        for (const { severity } of [...asked, ...applied]) {
          expect(severity).toBe('critical');
        }
        expect(applied.map(item => item.door)).toEqual(['controller']);
      },
      20 * MINUTE,
    );
  },
);
