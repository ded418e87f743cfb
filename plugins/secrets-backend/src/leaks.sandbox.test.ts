import { SecretValue } from '@highroad/plugin-platform-common';
import { scramVerifier } from '@highroad/plugin-platform-node/postgres';
import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { findings, formsOf, Portal } from './__testUtils__/Portal';
import { until } from './__testUtils__/SandboxWorld';
import { ServerProxy } from './__testUtils__/ServerProxy';

jest.setTimeout(900_000);

describeWithSandbox(
  'secrets, through every door and failure',
  ['cluster', 'vault', 'postgres'],
  sandbox => {
    const name = `leak-${randomBytes(3).toString('hex')}`;
    const service = `component:default/${name}`;
    /** In PostgreSQL, with a database of its name */
    const role = name.replace('-', '_');
    const marker = () => `Mk+${randomBytes(12).toString('hex')}/ü"=`;
    let vault: OwnVault;
    let cluster: TestCluster;
    let portal: Portal;
    let proxy: ServerProxy;

    const inPostgres = async (...statements: string[]) => {
      const { url } = sandbox.connection.postgres;
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        for (const statement of statements) await client.query(statement);
      } finally {
        await client.end();
      }
    };

    beforeAll(async () => {
      vault = await sandbox.ownVault();
      proxy = await ServerProxy.start(vault.address);
      cluster = await sandbox.cluster();
      const namespace = {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: `${name}-staging`,
          annotations: {
            'platform.myorg.com/service': service,
            'platform.myorg.com/environment': 'staging',
          },
        },
      };
      await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(namespace));
      portal = await Portal.start(
        {
          vault: {
            url: proxy.address,
            mount: vault.mount,
            timeoutSeconds: 20,
            auth: vault.appRoles,
          },
          secrets: {
            pollSeconds: 1,
            postgres: [{ name: 'main', url: sandbox.connection.postgres.url }],
          },
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          environments: ['staging', 'qa', 'production'].map(environment => ({
            name: environment,
            cluster: 'test',
          })),
        },
        [service],
      );
    });
    afterAll(async () => {
      await portal?.stop();
      await proxy?.stop();
      await inPostgres(
        `DROP DATABASE IF EXISTS "${role}" WITH (FORCE)`,
        ...[`${role}_a`, `${role}_b`, role].map(
          one => `DROP ROLE IF EXISTS "${one}"`,
        ),
      );
      await cluster?.kubectl([
        ...['delete', 'namespace', `${name}-staging`],
        ...['--wait=false', '--ignore-not-found'],
      ]);
    });
    beforeEach(() => portal.setRecording(true));
    const inStaging = (key: string) => ({
      service,
      environment: 'staging',
      key,
    });

    it('are set, found in the cluster, listed, compared, and shown to nobody but who asked and said why', async () => {
      const value = marker();
      const set = await portal.call('set', { service, key: 'URL', value });
      expect(set.body).toMatchObject({
        changes: [
          { environment: 'staging', outcome: 'set', version: 1 },
          { environment: 'qa', outcome: 'set', version: 1 },
        ],
        leftOut: ['production'],
      });
      const held = await cluster.kubectl([
        ...['get', 'secret', name, `--namespace=${name}-staging`],
        ...['-o', 'jsonpath={.data.URL}'],
      ]);
      expect(Buffer.from(held, 'base64').toString()).toBe(value);

      const binary = randomBytes(40).toString('base64');
      await portal.call('set', {
        ...{ ...inStaging('BINARY'), value: binary, encoding: 'base64' },
      });
      const bytes = await cluster.kubectl([
        ...['get', 'secret', name, `--namespace=${name}-staging`],
        ...['-o', 'jsonpath={.data.BINARY}'],
      ]);
      expect(bytes).toBe(binary);

      const noReason = await portal.call('reveal', {
        ...inStaging('URL'),
        reason: '',
      });
      expect([noReason.status, noReason.text]).toEqual([
        400,
        expect.stringContaining('reason: say why'),
      ]);
      const shown = await portal.send(
        '/v1/reveals',
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ ...inStaging('URL'), reason: 'for the test' }),
        },
        false,
      );
      expect(shown.body).toEqual({ value, encoding: 'text', version: 1 });
      expect(shown.headers.get('Cache-Control')).toBe('no-store');
      const records = await portal.intents('reveal');
      expect(records.at(-1)).toMatchObject({
        ...{ service, environment: 'staging', reason: 'for the test' },
        ...{ severity: 'critical', meta: { key: 'URL' } },
        actor: { ref: 'user:default/anna' },
      });

      const diff = await portal.call('diff', {
        service,
        from: 'staging',
        to: 'qa',
      });
      expect(diff.body.items).toMatchObject([
        { key: 'BINARY', outcome: 'missing-right' },
        { key: 'URL', outcome: 'same' },
      ]);
      const run = await portal.call('run', { service, environment: 'staging' });
      expect(run.body.items).toContainEqual(
        expect.objectContaining({ key: 'URL', value }),
      );
      expect(
        (await portal.call('run', { service, environment: 'production' }))
          .status,
      ).toBe(400);
      const lend = (environment: string, keys: string[], as?: 'environments') =>
        portal.call('lend', { service, environment, keys, to: 'pr-1' }, as);
      const lent = await lend('staging', ['URL'], 'environments');
      expect(lent.body.items).toMatchObject([{ key: 'URL', value }]);
      expect(
        await Promise.all([
          lend('production', ['URL'], 'environments'),
          lend('staging', ['URL', 'NONE'], 'environments'),
          lend('staging', ['URL']),
        ]).then(answers => answers.map(({ status }) => status)),
      ).toEqual([400, 404, 403]);
      expect(
        (
          await portal.call('reveal', {
            service,
            environment: 'production',
            key: 'URL',
            reason: 'why not',
          })
        ).status,
      ).toBe(400);
    });

    it('are refused where it cannot be recorded, and nothing is written', async () => {
      await portal.setRecording(false);
      const keys = async () =>
        z
          .object({ data: z.object({ keys: z.array(z.string()) }) })
          .parse(
            await vault.request(
              'LIST',
              `${vault.mount}/metadata/staging/${name}/`,
            ),
          ).data.keys;
      const before = await keys();
      for (const [operation, input] of [
        ['set', { ...inStaging('UNRECORDED'), value: marker() }],
        [
          'importAll',
          { service, entries: [{ key: 'UNRECORDED', value: marker() }] },
        ],
        ['reveal', { ...inStaging('URL'), reason: 'for the test' }],
        ['run', { service, environment: 'staging' }],
        [
          'lend',
          { service, environment: 'staging', keys: ['URL'], to: 'pr-1' },
        ],
        ['list', { service }],
        ['history', inStaging('URL')],
        ['delete', inStaging('URL')],
      ] as const) {
        const { status } = await portal.call(operation, input);
        expect([operation, status]).toEqual([operation, 503]);
      }
      expect(await keys()).toEqual(before);
    });

    it('say clearly that Vault is sealed, and go on where they were when it is not', async () => {
      await vault.seal();
      const sealed = await portal.call('set', {
        ...inStaging('SEALED'),
        value: marker(),
      });
      expect([sealed.status, sealed.body.error.message]).toEqual([
        503,
        expect.stringMatching(/is sealed.*vault-sealed\.md/),
      ]);
      expect((await portal.call('status', {})).body).toMatchObject({
        state: 'sealed',
        runbook: 'vault-sealed',
      });
      await vault.unseal();
      const value = marker();
      const set = await portal.call('set', { ...inStaging('SEALED'), value });
      expect(set.body.changes).toMatchObject([{ outcome: 'set' }]);
    });

    it('say what is missing when Vault takes a right away', async () => {
      const policy = 'sys/policies/acl/own-reveal';
      const { data } = (await vault.request('GET', policy)) as {
        data: { policy: string };
      };
      await vault.request('DELETE', policy);
      const refused = await portal.call('reveal', {
        ...inStaging('URL'),
        reason: 'for the test',
      });
      expect([refused.status, refused.body.error.message]).toEqual([
        503,
        expect.stringMatching(/refused the platform.*vault-permission-denied/),
      ]);
      await vault.request('PUT', policy, { policy: data.policy });
      const again = await portal.call('reveal', {
        ...inStaging('URL'),
        reason: 'for the test',
      });
      expect(again.status).toBe(200);
    });

    it('leave 1,000 values nowhere: not in logs, on the console, in records, answers, notifications, addresses, databases, their log or other objects of the cluster', async () => {
      const values: string[] = [];
      const next = () => {
        const value = marker();
        values.push(value);
        return value;
      };
      const post = (path: string, body: string, type = 'application/json') =>
        portal.send(path, {
          method: 'POST',
          headers: { 'Content-Type': type },
          body,
        });
      const set = ({ value, ...rest }: Record<string, unknown>) =>
        portal.call('set', {
          ...{ ...inStaging('A'), value: value ?? next() },
          ...rest,
        });
      const doors: Array<() => Promise<unknown>> = [
        () => set({}),
        () => set({ environment: undefined }),
        () => {
          const value = Buffer.from(next()).toString('base64');
          return set({ key: 'D', encoding: 'base64', value });
        },
        () =>
          portal.call('importAll', {
            ...{ service, environment: 'staging' },
            entries: ['B', 'C', 'E'].map(key => ({ key, value: next() })),
          }),
        () => portal.call('provide', { ...inStaging('F'), value: next() }),
        () => portal.call('restore', { ...inStaging('A'), version: 1 }),
        () => portal.call('get', inStaging('A')),
        () => portal.call('history', inStaging('A')),
        () => portal.call('list', { service }),
        () => portal.call('prometheus', {}),
        () => portal.call('run', { service, environment: 'staging' }),
        () => portal.call('diff', { service, from: 'staging', to: 'qa' }),
        () => portal.call('delete', inStaging('B')),
        () => portal.call('undelete', inStaging('B')),
        async () => {
          await portal.call('rotate', inStaging('R'));
          const { body } = await portal.call('reveal', {
            ...{ ...inStaging('R'), reason: 'for the test' },
          });
          values.push(body.value);
        },
      ];
      const mistakes: Array<() => Promise<unknown>> = [
        () => set({ ifVersion: 1 }),
        () => set({ environment: 'nowhere' }),
        () => set({ key: 'no key' }),
        () => set({ service: 'component:default/none' }),
        () => set({ encoding: 'base64' }),
        () => set({ value: `${next()}\0` }),
        () => set({ value: { text: next() } }),
        () => set({ value: [next()] }),
        () => set({ encoding: 'rot13' }),
        () => set({ key: next() }),
        () => set({ reason: { text: next() } }),
        () =>
          portal.call('importAll', {
            service,
            entries: [
              { key: 'B', value: next() },
              { key: 'B', value: next() },
            ],
          }),
        () => portal.call('importAll', { service, entries: { B: next() } }),
        () => post('/v1/secrets', `{"value": "${next()}`),
        () => post('/v1/secrets', `"${next()}"`),
        () => post('/v1/secrets', `[{"value":"${next()}"}]`),
        () => post('/v1/secrets', next(), 'text/plain'),
        () => post('/v1/imports', `{"entries":"${next()}"}`),
      ];
      /** All at once, as of several people. */
      const behind = async (count: number) => {
        await Promise.all(Array.from({ length: count }, () => set({})));
        await portal.call('importAll', {
          service,
          entries: [{ key: 'B', value: next() }],
        });
      };

      const postgresLog = sandbox.paths.log('postgres');
      const { size: loggedBefore } = await stat(postgresLog);
      const address = new URL(sandbox.connection.postgres.url);
      const password = randomBytes(16).toString('hex');
      values.push(password);
      Object.assign(address, { username: role, password, pathname: role });
      await inPostgres(
        `CREATE ROLE "${role}" LOGIN PASSWORD '${await scramVerifier(
          new SecretValue(password),
        )}'`,
        `CREATE DATABASE "${role}" OWNER "${role}"`,
        `COMMENT ON ROLE "${role}" IS 'highroad environment staging ${service}'`,
      );
      await set({ key: 'P', value: address.toString() });
      const turns = { generator: 'postgres', overlapHours: 0, everyDays: 30 };
      await portal.call('setRotation', { ...inStaging('P'), ...turns });
      expect((await portal.call('rotate', inStaging('P'))).status).toBe(200);
      const { body: rotated } = await portal.call('reveal', {
        ...{ ...inStaging('P'), reason: 'for the test' },
      });
      values.push(new URL(rotated.value).password);

      await set({ key: 'R' });
      for (let round = 0; values.length < 900; round++) {
        for (const one of [...doors, ...mistakes]) await one();
      }
      await set({ value: next().repeat(20_000) });
      // Each thing that does not work behind it
      await portal.setRecording(false);
      await behind(30);
      await portal.setRecording(true);
      const rule = { ...inStaging('R'), everyDays: 2 };
      expect((await portal.call('setRotation', rule)).status).toBe(200);
      await vault.seal();
      await behind(30);
      await portal
        .db('rotations')
        .update({ due_at: '2020-01-01T00:00:00.000Z', look_at: '' });
      await until(async () => portal.notifications.length > 0, 60_000);
      await vault.unseal();
      for (const answer of [
        (asked: string) => asked.startsWith('POST /v1/secret/data/'),
        (asked: string) => asked.startsWith('POST /v1/secret/metadata/'),
      ]) {
        proxy.loses = answer;
        await behind(30);
      }
      proxy.loses = undefined;
      // Together larger than a Secret may be: refused here, and by the cluster where it was written straight to Vault.
      const large = () => {
        const value = next();
        return value.repeat(Math.floor(500_000 / value.length));
      };
      for (const key of ['BIG_1', 'BIG_2']) await set({ key, value: large() });
      const refused = await portal.call('set', {
        ...{ ...inStaging('BIG_3'), value: large() },
      });
      expect(refused.status).toBe(400);
      await vault.request('POST', `${vault.mount}/data/staging/${name}/BIG_3`, {
        data: { value: large() },
      });
      await until(async () => {
        const { body } = await portal.call('list', { service });
        return body.sync.some(
          (one: { state: string; message: string }) =>
            one.state === 'behind' && one.message.includes('1 MiB'),
        );
      });

      const everything = async () => ({
        ...(await portal.written()),
        addresses: proxy.asked.join('\n'),
        postgres: (await readFile(postgresLog))
          .subarray(loggedBefore)
          .toString(),
        cluster: await cluster.kubectl([
          'get',
          'namespaces,deployments,replicasets,pods,configmaps,events',
          ...['--all-namespaces', '--output=json'],
        ]),
      });
      const written = await everything();
      const recorded = written.records.trim().split('\n');
      expect(recorded.length).toBeGreaterThan(1_000);
      expect(values.length).toBeGreaterThanOrEqual(1_000);
      expect(new Set(values).size).toBe(values.length);
      expect(findings(written, values)).toEqual([]);

      // What is looked through is where it would be found, in whatever form.
      const planted = marker();
      const among = [...values, planted];
      for (const form of formsOf(planted)) {
        expect(findings({ logs: `x ${form} y` }, among)).toEqual([
          `logs: ${planted}`,
        ]);
      }
      expect(
        findings(
          { logs: Buffer.from(`{"a":"${planted}"}`).toString('base64') },
          among,
        ),
      ).toEqual([`logs: ${planted}`]);
      await portal.db('versions').insert({
        ...{ service, environment: 'staging', key: 'X', version: 1 },
        ...{ actor: planted, how: 'set', at: '' },
      });
      await cluster.kubectl([
        ...['annotate', 'namespace', `${name}-staging`, `planted=${planted}`],
      ]);
      await fetch(`${proxy.address}/v1/${encodeURIComponent(planted)}`);
      const failed = inPostgres(`SELECT '${planted}' FROM nowhere`);
      await expect(failed).rejects.toThrow('nowhere');
      portal.logs.push(planted);
      console.error(planted);
      portal.answers.push(JSON.stringify({ planted }));
      // The reason is for the record, and is searched there as it was written.
      await portal.call('reveal', { ...inStaging('A'), reason: planted });
      portal.notifications.push({
        recipients: { type: 'broadcast' },
        payload: { title: planted },
      });
      expect(findings(await everything(), among).sort()).toEqual(
        Object.keys(written)
          .sort()
          .map(where => `${where}: ${planted}`),
      );
    });
  },
);
