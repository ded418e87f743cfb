import { secretOperations } from '@highroad/plugin-secrets-common';
import { describeWithSandbox, TestVault } from '@highroad/sandbox/testing';
import { Operation } from '@highroad/plugin-platform-common';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Answer, Portal } from './__testUtils__/Portal';
import { until } from './__testUtils__/SandboxWorld';
import { ServerProxy } from './__testUtils__/ServerProxy';

jest.setTimeout(180_000);

type Name = keyof typeof secretOperations;
const AT_ONCE = 20;
const ACCESSES = 1_000;
const listSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const metadataSchema = z.object({ data: z.object({}).passthrough() });
const operations: [Name, Operation][] = Object.entries(secretOperations).map(
  ([name, operation]) => [name as Name, operation],
);

describeWithSandbox(
  'accesses to secrets, while no record of them can be kept anywhere',
  ['vault'],
  sandbox => {
    const name = `recorded-${randomBytes(3).toString('hex')}`;
    const service = `component:default/${name}`;
    const at = (key: string, environment = 'staging') => ({
      ...{ service, environment, key },
    });
    const why = { reason: 'for the test' };
    let vault: TestVault;
    let proxy: ServerProxy;
    let portal: Portal;
    let turn = 0;
    const next = () => {
      turn += 1;
      return `value-${turn}`;
    };

    /** One of each kind, in an order in which all can be done, and done again. */
    const accesses: Partial<Record<Name, () => Record<string, unknown>>> = {
      set: () => ({ ...at('URL'), value: next() }),
      importAll: () => ({
        ...{ service, environment: 'staging' },
        entries: ['ONE', 'TWO'].map(key => ({ key, value: next() })),
      }),
      provide: () => ({ ...at('PROVIDED'), value: next() }),
      get: () => at('URL'),
      list: () => ({ service }),
      history: () => at('URL'),
      reveal: () => ({ ...at('URL'), ...why }),
      revealProduction: () => ({ ...at('URL', 'production'), ...why }),
      run: () => ({ service, environment: 'staging' }),
      lend: () => ({
        ...{ service, environment: 'staging', keys: ['URL'], to: 'pr-1' },
      }),
      diff: () => ({ service, from: 'staging', to: 'qa' }),
      diffProduction: () => ({ service, from: 'staging', to: 'production' }),
      restore: () => ({ ...at('OLD'), version: 1 }),
      delete: () => at('GONE'),
      undelete: () => at('GONE'),
      rotate: () => at('TURNED'),
      setRotation: () => ({ ...at('PLANNED'), everyDays: 30 }),
      rotations: () => ({ service }),
      attention: () => ({}),
      endRotation: () => at('PLANNED'),
    };
    const kinds = Object.keys(accesses) as Name[];
    const hasAction = (kind: Name) => {
      const { action }: Operation = secretOperations[kind];
      return action !== undefined;
    };
    const plugin = (kind: Name) => {
      const { plugins }: Operation = secretOperations[kind];
      return plugins ? ('environments' as const) : undefined;
    };
    /** Each by each of its doors, one door after the other: what is deleted twice is not there. */
    const doors: Array<{ what: string; go: () => Promise<Answer> }> = [
      ...kinds.map(kind => ({
        what: `${kind} by HTTP`,
        go: () => portal.call(kind, accesses[kind]!(), plugin(kind)),
      })),
      ...kinds.filter(hasAction).map(kind => ({
        what: `${kind} by its action`,
        go: () => portal.act(kind, accesses[kind]!()),
      })),
    ];

    const served = async () => {
      for (const { what, go } of doors) {
        const { status, text } = await go();
        expect([what, status, text]).toEqual([what, 200, text]);
      }
    };
    /** All that Vault says of each key but its value. */
    const kept = async () => {
      const found: Record<string, unknown> = {};
      for (const environment of ['staging', 'qa', 'production']) {
        const folder = `${vault.mount}/metadata/${environment}/${name}`;
        const { data } = listSchema.parse(
          await vault.request('LIST', `${folder}/`),
        );
        for (const key of data.keys) {
          const path = `${folder}/${key}`;
          const answer = await vault.request('GET', path);
          found[path] = metadataSchema.parse(answer).data;
        }
      }
      return found;
    };

    beforeAll(async () => {
      vault = await sandbox.vault();
      proxy = await ServerProxy.start(vault.address);
      portal = await Portal.start(
        {
          vault: {
            ...{ url: proxy.address, mount: vault.mount },
            auth: vault.appRoles,
          },
          secrets: { pollSeconds: 1 },
          environments: [
            { name: 'staging' },
            { name: 'qa' },
            { name: 'production', production: true },
          ],
        },
        [service],
      );
      const values = [
        ...[at('OLD'), at('OLD'), at('GONE'), at('TURNED'), at('PLANNED')],
        ...[at('DUE'), at('URL', 'qa'), at('URL', 'production')],
      ];
      for (const one of values) {
        await portal.succeed('set', { ...one, value: next() });
      }
      await portal.succeed('setRotation', { ...at('DUE'), everyDays: 30 });
    });
    afterAll(async () => {
      await portal?.stop();
      await proxy?.stop();
    });

    it('are of every kind that is recorded', () => {
      const recorded = operations.flatMap(([kind, { audit }]) =>
        audit === 'no-effect' ? [] : [kind],
      );
      expect([...kinds].sort()).toEqual(recorded.sort());
      expect(doors.length).toBeGreaterThan(kinds.length);
    });

    it('are refused 1,000 of 1,000 times by every door, change nothing, and are served before and after', async () => {
      await served();
      const before = await kept();
      const values = new RegExp(
        ` /v1/${vault.mount}/(data|delete|undelete|destroy)/`,
      );
      const asked = proxy.count(values);
      await portal.setSinks(false);
      const answers: Array<[string, number]> = [];
      while (answers.length < ACCESSES) {
        const some = await Promise.all(
          Array.from({ length: AT_ONCE }, async (_, n) => {
            const { what, go } = doors[(answers.length + n) % doors.length];
            const { status } = await go();
            return [what, status] as [string, number];
          }),
        );
        answers.push(...some);
      }
      expect(answers).toHaveLength(ACCESSES);
      expect(answers.filter(([, status]) => status !== 503)).toEqual([]);
      expect(new Set(answers.map(([what]) => what)).size).toBe(doors.length);
      // What the platform does on its own is no exception.
      await portal
        .db('rotations')
        .where({ key: 'DUE' })
        .update({ due_at: '2020-01-01T00:00:00.000Z', look_at: '' });
      await until(async () =>
        portal.notifications.some(({ payload }) =>
          payload.title.startsWith('Not replaced: DUE'),
        ),
      );
      // No value was as much as asked for.
      expect(proxy.count(values)).toBe(asked);
      expect(await kept()).toEqual(before);
      // There was no place left for a record but the memory of the process.
      expect(portal.logs.join('\n')).toMatch(
        /could not be written to the spool .* and is kept in memory/,
      );

      await portal.setSinks(true);
      await served();
      const refusals = (await portal.recorded()).filter(
        body =>
          body.plugin === 'secrets' &&
          body.phase === 'outcome' &&
          body.outcome === 'refused',
      );
      expect(refusals.length).toBeGreaterThanOrEqual(ACCESSES);
      await portal
        .db('rotations')
        .where({ key: 'DUE' })
        .update({ look_at: '' });
      await until(async () => {
        const { body } = await portal.call('get', at('DUE'));
        return body.secret.version === 2;
      });
    });
  },
);
