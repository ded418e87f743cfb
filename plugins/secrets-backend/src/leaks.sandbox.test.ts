import { createBackendModule } from '@backstage/backend-plugin-api';
import { Operation, SecretValue } from '@highroad/plugin-platform-common';
import { scramVerifier } from '@highroad/plugin-platform-node/postgres';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { secretGeneratorsExtensionPoint } from '@highroad/plugin-secrets-node';
import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EchoingPostgres } from './__testUtils__/EchoingPostgres';
import { encodings, findings } from './__testUtils__/leakSearch';
import { Answer, Portal } from './__testUtils__/Portal';
import { until } from './__testUtils__/SandboxWorld';
import { ServerProxy } from './__testUtils__/ServerProxy';

jest.setTimeout(300_000);

type Name = keyof typeof secretOperations;
const OVERDUE = { due_at: '2020-01-01T00:00:00.000Z', look_at: '' };

/** Generators of others, whose errors hold what they were told. */
const careless = createBackendModule({
  pluginId: 'secrets',
  moduleId: 'careless',
  register(env) {
    env.registerInit({
      deps: { generators: secretGeneratorsExtensionPoint },
      async init({ generators }) {
        const accept = () => ({});
        generators.addGenerator('repeating', {
          accept,
          async make({ current }) {
            throw new Error(`I cannot replace ${current?.reveal()}.`);
          },
        });
        generators.addGenerator('carrying', {
          accept,
          async make({ current }) {
            throw Object.assign(new Error('Request failed with status 500'), {
              config: { data: JSON.stringify({ old: current?.reveal() }) },
            });
          },
        });
      },
    });
  },
});

describeWithSandbox(
  'values of secrets, through every door and failure',
  ['cluster', 'vault', 'postgres'],
  sandbox => {
    const name = `leak-${randomBytes(3).toString('hex')}`;
    const service = `component:default/${name}`;
    const namespace = `${name}-staging`;
    /** In PostgreSQL, with a database of its name */
    const role = name.replace('-', '_');
    /** All that must be found nowhere */
    const values: string[] = [];
    const marker = () => `Mk+${randomBytes(12).toString('hex')}/ü"=`;
    const next = () => {
      const value = marker();
      values.push(value);
      return value;
    };
    let vault: OwnVault;
    let vaultLog: string;
    let proxy: ServerProxy;
    let cluster: TestCluster;
    let clusterProxy: ServerProxy;
    let postgres: EchoingPostgres;
    let loggedBefore: number;
    let folder: string;
    let portal: Portal;

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
    const apply = (object: object, there = cluster.namespace) =>
      cluster.kubectl(
        ['apply', '-f', '-', `--namespace=${there}`],
        JSON.stringify(object),
      );
    const inStaging = (key: string) => ({
      ...{ service, environment: 'staging', key },
    });
    const set = ({ value, ...rest }: Record<string, unknown>) =>
      portal.call('set', {
        ...{ ...inStaging('A'), value: value ?? next() },
        ...rest,
      });
    const post = (path: string, body: string, type = 'application/json') =>
      portal.send(path, {
        method: 'POST',
        headers: { 'Content-Type': type },
        body,
      });
    const reveal = async (key: string): Promise<string> => {
      const { body } = await portal.call('reveal', {
        ...{ ...inStaging(key), reason: 'for the test' },
      });
      return body.value;
    };
    const plan = (key: string, rule: object) =>
      portal.succeed('setRotation', {
        ...{ ...inStaging(key), everyDays: 30, ...rule },
      });
    /** Of a replacement that fails the generator can be another only after it was given up. */
    const planAnew = async (key: string, rule: object) => {
      await portal.succeed('endRotation', inStaging(key));
      await until(async () => {
        const { status } = await portal.call('setRotation', {
          ...{ ...inStaging(key), everyDays: 30, ...rule },
        });
        return status === 200;
      });
    };
    /** So many at once, as of several people, by several doors. */
    const behind = async (count: number) => {
      const answers = await Promise.all(
        Array.from({ length: count }, () => set({})),
      );
      await portal.call('importAll', {
        ...{ service, entries: [{ key: 'B', value: next() }] },
      });
      return answers;
    };
    /** Of several who set the same key at once, some are told that others did. */
    const done = (answers: Answer[]) =>
      answers.flatMap(({ body, status }) => (status === 200 ? [body] : []));
    const standing = async (environment = 'staging') => {
      const { body } = await portal.call('list', { service });
      const all: Array<{
        state: string;
        environment: string;
        message: string;
      }> = body.sync;
      return all.find(one => one.environment === environment)!;
    };
    /** What failed before is tried again now. */
    const synced = async () => {
      await until(async () => {
        await portal.db('syncs').update({ due_at: '' });
        return (await standing()).state === 'synced';
      });
    };

    /** A kubeconfig of somebody who sees the namespace of an environment, and may write nothing there. */
    const narrow = async (environment: string): Promise<string> => {
      const there = `${name}-${environment}`;
      const group = 'rbac.authorization.k8s.io';
      await apply(
        {
          ...{ apiVersion: `${group}/v1`, kind: 'Role' },
          metadata: { name: 'sees', namespace: there },
          rules: [
            {
              ...{ apiGroups: [''], verbs: ['get'] },
              resources: ['namespaces', 'secrets'],
            },
          ],
        },
        there,
      );
      await apply(
        {
          ...{ apiVersion: `${group}/v1`, kind: 'RoleBinding' },
          metadata: { name: 'sees', namespace: there },
          roleRef: { apiGroup: group, kind: 'Role', name: 'sees' },
          subjects: [
            {
              ...{ kind: 'ServiceAccount', name: 'default' },
              namespace: cluster.namespace,
            },
          ],
        },
        there,
      );
      const token = await cluster.kubectl(['create', 'token', 'default']);
      const config = JSON.parse(
        await cluster.kubectl(['config', 'view', '--raw', '--output=json']),
      );
      config.users[0].user = { token: token.trim() };
      const file = join(folder, 'narrow');
      await writeFile(file, JSON.stringify(config));
      return file;
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-leaks-'));
      vault = await sandbox.ownVault();
      vaultLog = join(folder, 'vault-audit.log');
      await vault.request('PUT', 'sys/audit/file', {
        ...{ type: 'file', options: { file_path: vaultLog } },
      });
      proxy = await ServerProxy.start(vault.address);
      cluster = await sandbox.cluster();
      for (const environment of ['staging', 'qa']) {
        await apply({
          ...{ apiVersion: 'v1', kind: 'Namespace' },
          metadata: {
            name: `${name}-${environment}`,
            annotations: {
              'platform.myorg.com/service': service,
              'platform.myorg.com/environment': environment,
            },
          },
        });
      }
      clusterProxy = await ServerProxy.start(cluster.server);
      const kubeconfig = join(folder, 'kubeconfig');
      const direct = await readFile(cluster.kubeconfig, 'utf8');
      await writeFile(
        kubeconfig,
        direct.replaceAll(
          cluster.server,
          `https://127.0.0.1:${clusterProxy.port}`,
        ),
      );
      const { url } = sandbox.connection.postgres;
      postgres = await EchoingPostgres.start(new URL(url));
      const echoing = new URL(url);
      echoing.host = `127.0.0.1:${postgres.port}`;
      const noAddress = join(folder, 'address');
      await writeFile(noAddress, next());
      ({ size: loggedBefore } = await stat(sandbox.paths.log('postgres')));
      portal = await Portal.start(
        {
          vault: {
            ...{ url: proxy.address, mount: vault.mount, timeoutSeconds: 20 },
            auth: vault.appRoles,
          },
          secrets: {
            pollSeconds: 0.5,
            postgres: [
              { name: 'main', url },
              {
                ...{ name: 'echo', url: echoing.toString() },
                hosts: [new URL(url).host],
              },
              { name: 'none', urlFile: noAddress },
            ],
          },
          clusters: [
            { name: 'test', kubeconfig },
            { name: 'narrow', kubeconfig: await narrow('qa') },
          ],
          environments: [
            { name: 'staging', cluster: 'test' },
            { name: 'qa', cluster: 'narrow' },
            { name: 'production', cluster: 'test', production: true },
          ],
        },
        [service],
        [careless],
      );
      for (const key of ['A', 'B', 'R', 'REPEATED', 'CARRIED']) {
        await portal.succeed('set', { ...inStaging(key), value: next() });
      }
    });
    afterAll(async () => {
      await portal?.stop();
      for (const one of [proxy, clusterProxy, postgres]) await one?.stop();
      await inPostgres(
        `DROP DATABASE IF EXISTS "${role}" WITH (FORCE)`,
        ...[`${role}_a`, `${role}_b`, role].map(
          one => `DROP ROLE IF EXISTS "${one}"`,
        ),
      );
      await rm(folder, { recursive: true, force: true });
      await cluster?.kubectl([
        ...['delete', 'namespace', namespace, `${name}-qa`],
        ...['--wait=false', '--ignore-not-found'],
      ]);
    });

    it('go through every door', async () => {
      const toProduction = { service, from: 'staging', to: 'production' };
      /** What each action is given, in an order in which each can be done */
      const actions: Partial<Record<Name, Record<string, unknown>>> = {
        ...{ status: {}, attention: {}, list: { service } },
        ...{ get: inStaging('A'), history: inStaging('A') },
        ...{ diff: { service, from: 'staging', to: 'qa' } },
        ...{ diffProduction: toProduction, rotations: { service } },
        restore: { ...inStaging('D'), version: 1 },
        ...{ delete: inStaging('C'), undelete: inStaging('C') },
        rotate: inStaging('R'),
        setRotation: { ...inStaging('C'), everyDays: 30 },
        endRotation: inStaging('C'),
      };
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
        () =>
          portal.call(
            'lend',
            { service, environment: 'staging', keys: ['A'], to: 'pr-1' },
            'environments',
          ),
        () => set({ environment: 'production' }),
        () => portal.call('delete', inStaging('B')),
        () => portal.call('undelete', inStaging('B')),
        async () => {
          await portal.call('rotate', inStaging('R'));
          values.push(await reveal('R'));
        },
      ];
      /** What needs to be done once */
      const looks: Array<() => Promise<unknown>> = [
        ...[true, false].flatMap(kept => [
          () =>
            portal.call('diff', { service, from: 'staging', to: 'qa', kept }),
          () => portal.call('diffProduction', { ...toProduction, kept }),
        ]),
        () =>
          portal.call('revealProduction', {
            ...{ ...inStaging('A'), environment: 'production' },
            reason: 'for the test',
          }),
        () => portal.call('status', {}),
        () => portal.call('attention', {}),
        () =>
          portal.call(
            'newest',
            { service, environment: 'staging' },
            'environments',
          ),
        () => portal.call('rotations', { service }),
        () => portal.call('planRotation', { ...inStaging('E'), everyDays: 30 }),
        () => portal.call('setRotation', { ...inStaging('E'), everyDays: 30 }),
        () => portal.call('endRotation', inStaging('E')),
        ...Object.entries(actions).map(([action, input]) => async () => {
          const { status } = await portal.act(action as Name, input);
          expect([action, status]).toEqual([action, 200]);
          if (action === 'rotate') values.push(await reveal('R'));
        }),
      ];
      for (let round = 0; round < 6; round++) {
        for (const one of doors) await one();
      }
      for (const one of looks) await one();
      const { status } = await set({ value: next().repeat(10_000) });
      expect(status).toBe(200);
      for (let batch = 0; batch < 5; batch++) {
        const entries = Array.from({ length: 100 }, (_, n) => ({
          ...{ key: `MANY_${n}`, value: next() },
        }));
        await portal.succeed('importAll', {
          ...{ service, environment: 'staging', entries },
        });
      }
    });

    it('are where they do not belong, and are refused', async () => {
      const actions = Object.entries(secretOperations).flatMap(
        ([operation, { action }]: [string, Operation]) =>
          action ? [operation as Name] : [],
      );
      expect(actions).toContain('rotate');
      const mistakes: Array<() => Promise<{ status: number }>> = [
        () => set({ ifVersion: 1 }),
        () => set({ environment: 'nowhere' }),
        () => set({ key: 'no key' }),
        () => set({ service: 'component:default/none' }),
        () => set({ encoding: 'base64' }),
        () => set({ value: `${next()}\0` }),
        () => set({ value: { text: next() } }),
        () => set({ value: [next()] }),
        () => set({ encoding: 'rot13' }),
        () => set({ encoding: next() }),
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
        () => portal.call('rotate', { ...inStaging('R'), alphabet: next() }),
        () =>
          portal.call('setRotation', {
            ...{ ...inStaging('R'), everyDays: 30, generator: next() },
          }),
        () => portal.act('rotate', { ...inStaging('R'), alphabet: next() }),
        () => portal.act('rotate', { ...inStaging('R'), ifVersion: next() }),
        ...actions.map(
          action => () =>
            portal.act(action, { ...inStaging('A'), service: [next()] }),
        ),
      ];
      for (let round = 0; round < 4; round++) {
        for (const [at, one] of mistakes.entries()) {
          const { status } = await one();
          expect([at, status >= 400 && status < 500]).toEqual([at, true]);
        }
        // What they do not know they take no notice of.
        for (const action of actions) {
          await portal.act(action, { service, key: next(), value: next() });
        }
      }
    });

    it('are on the way while no record can be kept, or waits', async () => {
      await portal.setRecording(false);
      const answers = await behind(20);
      await portal.act('rotate', inStaging('R'));
      await portal.keepSpooled();
      await portal.setRecording(true);
      expect(answers.map(({ status }) => status)).toEqual(
        answers.map(() => 503),
      );
      expect(portal.spooled.join('')).toContain(service);
      await portal.setSinks(false);
      await behind(10);
      await portal.setSinks(true);
    });

    it('are on the way while Vault is sealed, also where a replacement is due, of which the owners are told', async () => {
      await plan('R', { everyDays: 2 });
      await vault.seal();
      const [first] = await behind(20);
      expect(first.status).toBe(503);
      await portal.db('rotations').where({ key: 'R' }).update(OVERDUE);
      await until(async () => portal.notifications.length > 0);
      await vault.unseal();
      await until(async () => (await set({})).status === 200);
    });

    it('are on the way where the answers of Vault are lost', async () => {
      for (const path of ['data', 'metadata']) {
        proxy.loses = asked => asked.startsWith(`POST /v1/secret/${path}/`);
        const answers = await behind(20);
        expect(answers.map(({ status }) => status)).toContain(503);
      }
      proxy.loses = undefined;
      await until(async () => (await set({})).status === 200);
    });

    it('are on the way where Vault answers by errors that repeat the request', async () => {
      const kinds = [
        ...[/^POST .*\/data\//, /^POST .*\/metadata\//, /^GET .*\/data\//],
        ...[/^GET .*\/metadata\//, /^LIST /, /auth\/approle\/login/],
      ];
      for (const kind of kinds) {
        const { length } = proxy.echoed;
        // Whatever has a token signs in again.
        await vault.request('PUT', 'sys/leases/revoke-prefix/auth/approle', {});
        proxy.echoes = asked => kind.test(asked);
        await behind(10);
        for (const call of ['reveal', 'run', 'list', 'rotate'] as const) {
          await portal.call(call, {
            ...{ ...inStaging('A'), reason: 'for the test' },
          });
        }
        proxy.echoes = undefined;
        expect([kind, proxy.echoed.length > length]).toEqual([kind, true]);
      }
      for (const request of proxy.echoed) {
        const [, token] = /^x-vault-token: *(\S{24,})/im.exec(request) ?? [];
        if (token && !values.includes(token)) values.push(token);
      }
      for (const { secretId } of Object.values(vault.appRoles)) {
        values.push(secretId);
      }
      expect(proxy.echoed.join('\n')).toMatch(/Mk\+.*x-vault-token/is);
      await until(async () => (await set({})).status === 200);
    });

    it('are on the way while the API server is gone', async () => {
      clusterProxy.goDown();
      const answers = await behind(20);
      const [{ sync }] = done(answers);
      expect(sync).toMatchObject([{ state: 'behind' }]);
      clusterProxy.comeUp();
      await synced();
    });

    it('are on the way where the cluster lets nobody write them', async () => {
      await behind(10);
      expect(await standing('qa')).toMatchObject({
        state: 'behind',
        message: expect.stringMatching(/the platform may not.*\(403\)/),
      });
    });

    it('are on the way where a check in the cluster refuses the Secret, in words that repeat it', async () => {
      const check = {
        ...{ apiVersion: 'admissionregistration.k8s.io/v1' },
        metadata: { name },
      };
      await apply({
        ...{ ...check, kind: 'ValidatingAdmissionPolicy' },
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: {
            resourceRules: [
              {
                ...{ apiGroups: [''], apiVersions: ['v1'] },
                ...{ resources: ['secrets'] },
                operations: ['CREATE', 'UPDATE'],
              },
            ],
          },
          validations: [
            {
              expression: 'false',
              messageExpression:
                "'no: ' + object.data.map(k, k + '=' + object.data[k]).join(' ')",
            },
          ],
        },
      });
      await apply({
        ...{ ...check, kind: 'ValidatingAdmissionPolicyBinding' },
        spec: {
          policyName: name,
          validationActions: ['Deny'],
          matchResources: {
            namespaceSelector: {
              matchLabels: { 'kubernetes.io/metadata.name': namespace },
            },
          },
        },
      });
      try {
        const planted = marker();
        await until(async () => {
          const said = await cluster
            .kubectl([
              ...['create', 'secret', 'generic', 'planted'],
              ...[`--namespace=${namespace}`, '--dry-run=server'],
              `--from-literal=A=${planted}`,
            ])
            .catch(error => String(error));
          return findings({ said }, [planted]).length > 0 && /no: /.test(said);
        });
        const answers = await behind(20);
        const [{ sync }] = done(answers).slice(-1);
        expect(sync[0].message).toMatch(/could not write the Secret/);
      } finally {
        await cluster.kubectl([
          ...['delete', 'validatingadmissionpolicybinding', name],
        ]);
        await cluster.kubectl(['delete', 'validatingadmissionpolicy', name]);
      }
      await synced();
    });

    it('are replaced in PostgreSQL, which fails in words that repeat the statement, is not there, or has no address', async () => {
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
      const turns = { generator: 'postgres', overlapHours: 0 };

      postgres.echoes = /^DO .*PASSWORD/s;
      await plan('P', { ...turns, settings: { server: 'echo' } });
      const failed = await portal.call('rotate', inStaging('P'));
      expect([failed.status, postgres.echoed.length]).toEqual([500, 1]);
      await portal.db('rotations').where({ key: 'P' }).update(OVERDUE);
      await until(async () => postgres.echoed.length > 1);
      await until(async () =>
        portal.notifications.some(({ payload }) =>
          payload.description?.includes('its log says more'),
        ),
      );
      for (const statement of postgres.echoed) {
        const [, verifier] = /SCRAM-SHA-256\$4096:([^']+)'/.exec(statement)!;
        values.push(verifier);
      }
      await planAnew('P', { ...turns, settings: { server: 'none' } });
      const nowhere = await portal.call('rotate', inStaging('P'));
      expect(nowhere.status).toBe(400);

      await planAnew('P', { ...turns, settings: { server: 'main' } });
      expect((await portal.call('rotate', inStaging('P'))).status).toBe(200);
      values.push(new URL(await reveal('P')).password);
    });

    it('are told to a generator of others, whose errors hold them', async () => {
      const told = (key: string) =>
        portal.notifications.some(({ payload }) =>
          payload.title.startsWith(`Not replaced: ${key}`),
        );
      const keys = { REPEATED: 'repeating', CARRIED: 'carrying' };
      for (const [key, generator] of Object.entries(keys)) {
        await plan(key, { generator });
        expect((await portal.call('rotate', inStaging(key))).status).toBe(500);
        await portal.db('rotations').where({ key }).update(OVERDUE);
        await until(async () => told(key));
      }
    });

    it('are together larger than a Secret may be', async () => {
      const large = () => {
        const value = next();
        return value.repeat(Math.floor(500_000 / value.length));
      };
      for (const key of ['BIG_1', 'BIG_2']) await set({ key, value: large() });
      const refused = await set({ key: 'BIG_3', value: large() });
      expect(refused.status).toBe(400);
      await vault.request('POST', `${vault.mount}/data/staging/${name}/BIG_3`, {
        data: { value: large() },
      });
      await portal.db('syncs').update({ vault_due_at: null });
      await until(async () => {
        const { state, message } = await standing();
        return state === 'behind' && message.includes('1 MiB');
      });
    });

    it('have gone through every operation and every action that there is', () => {
      const { calls, acts } = portal.walked;
      const all = Object.entries<Operation>(secretOperations);
      expect(all.length).toBeGreaterThan(20);
      expect(all.flatMap(([one]) => (calls.has(one) ? [] : [one]))).toEqual([]);
      expect(
        all.flatMap(([one, { action }]) =>
          action && !acts.has(one) ? [one] : [],
        ),
      ).toEqual([]);
    });

    describe('when all that was written is looked through', () => {
      const everything = async () => ({
        ...(await portal.written()),
        addresses: proxy.asked.join('\n'),
        postgres: (await readFile(sandbox.paths.log('postgres')))
          .subarray(loggedBefore)
          .toString(),
        vault: await readFile(vaultLog, 'utf8'),
        cluster: await cluster.kubectl([
          'get',
          'namespaces,deployments,replicasets,pods,configmaps,events',
          ...['--all-namespaces', '--output=json'],
        ]),
      });
      type Place = keyof Awaited<ReturnType<typeof everything>>;

      it('1,000 of them are nowhere: not in logs, on the console, in records, those that waited, answers, notifications, addresses, databases, their log, Vault’s log or other objects of the cluster', async () => {
        const written = await everything();
        const recorded = written.records.trim().split('\n');
        expect(recorded.length).toBeGreaterThan(500);
        expect(values.length).toBeGreaterThanOrEqual(1_000);
        expect(new Set(values).size).toBe(values.length);
        expect(findings(written, values)).toEqual([]);
      });

      it('one would be found wherever it were, in whatever form', async () => {
        const planted: Record<Place, (text: string) => unknown> = {
          logs: text => portal.logs.push(text),
          printed: text => console.error(text),
          answers: text => portal.answers.push(text),
          // The reason is for the record, and is searched there as it was written.
          records: text =>
            portal.call('reveal', { ...inStaging('A'), reason: text }),
          ledger: text =>
            portal.call('reveal', { ...inStaging('A'), reason: text }),
          async spool(text) {
            await portal.setRecording(false);
            await portal.call('reveal', { ...inStaging('A'), reason: text });
            await portal.keepSpooled();
            await portal.setRecording(true);
          },
          notifications: text =>
            portal.notifications.push({
              recipients: { type: 'broadcast' },
              payload: { title: text },
            }),
          database: text =>
            portal.db('versions').insert({
              ...{ service, environment: 'staging', key: text.slice(0, 99) },
              ...{ version: 1, actor: text, how: 'set', at: '' },
            }),
          addresses: text =>
            fetch(`${proxy.address}/v1/${encodeURIComponent(text)}`),
          postgres: text =>
            expect(
              inPostgres(`SELECT '${text.replaceAll("'", '')}' FROM nowhere`),
            ).rejects.toThrow('nowhere'),
          vault: text =>
            expect(
              vault.request(
                ...([
                  'GET',
                  `secret/data/${encodeURIComponent(text)}`,
                ] as const),
              ),
            ).rejects.toThrow('404'),
          cluster: text =>
            cluster.kubectl([
              ...['annotate', 'namespace', namespace],
              `planted-${randomBytes(4).toString('hex')}=${text}`,
            ]),
        };
        const places = Object.keys(planted) as Place[];
        const wanted: Record<string, string> = {};
        for (const place of places) {
          for (const [form, write] of Object.entries(encodings)) {
            const text = marker();
            wanted[`${place}: ${text}`] = `${place}, ${form}`;
            await planted[place](write(text));
          }
        }
        const texts = Object.keys(wanted).map(one =>
          one.slice(one.indexOf(': ') + 2),
        );
        const written = await everything();
        expect(places.sort()).toEqual(Object.keys(written).sort());
        const found = findings(written, [...values, ...texts]);
        const missed = Object.keys(wanted).filter(one => !found.includes(one));
        expect(missed.map(one => wanted[one])).toEqual([]);
        // Nothing but what was planted.
        const others = found.filter(one =>
          values.includes(one.slice(one.indexOf(': ') + 2)),
        );
        expect(others).toEqual([]);
      });
    });
  },
);
