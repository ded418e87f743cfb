import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { findings, formsOf, Portal } from './__testUtils__/Portal';

jest.setTimeout(180_000);

describeWithSandbox(
  'secrets, through every door and failure',
  ['cluster', 'vault'],
  sandbox => {
    const name = `leak-${randomBytes(3).toString('hex')}`;
    const service = `component:default/${name}`;
    const marker = () => `Mk+${randomBytes(12).toString('hex')}/ü"=`;
    let vault: OwnVault;
    let cluster: TestCluster;
    let portal: Portal;

    beforeAll(async () => {
      vault = await sandbox.ownVault();
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
            url: vault.address,
            mount: vault.mount,
            auth: vault.appRoles,
          },
          secrets: { pollSeconds: 1 },
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
      await cluster?.kubectl([
        ...['delete', 'namespace', `${name}-staging`],
        ...['--wait=false', '--ignore-not-found'],
      ]);
    });
    beforeEach(() => {
      portal.recording = true;
    });
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
      const record = portal.records.find(
        one => one.options.eventId === 'reveal',
      );
      expect(record?.options).toMatchObject({
        severityLevel: 'critical',
        meta: {
          key: 'URL',
          platform: {
            ...{ service, environment: 'staging', reason: 'for the test' },
            actor: { ref: 'user:default/anna' },
          },
        },
      });

      const diff = await portal.call('diff', {
        service,
        from: 'staging',
        to: 'qa',
      });
      expect(diff.body.items).toEqual([
        expect.objectContaining({ key: 'URL', outcome: 'same' }),
      ]);
      const run = await portal.call('run', { service, environment: 'staging' });
      expect(run.body.items[0]).toMatchObject({ key: 'URL', value });
      expect(
        (await portal.call('run', { service, environment: 'production' }))
          .status,
      ).toBe(400);
      const loan = { service, keys: ['URL'], to: 'pr-1' };
      const lent = await portal.call('lend', {
        ...{ ...loan, environment: 'staging' },
      });
      expect(lent.body.items).toMatchObject([{ key: 'URL', value }]);
      expect(
        (await portal.call('lend', { ...loan, environment: 'production' }))
          .status,
      ).toBe(400);
      expect(
        (
          await portal.call('lend', {
            ...{ ...loan, environment: 'staging', keys: ['URL', 'NONE'] },
          })
        ).status,
      ).toBe(404);
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
      portal.recording = false;
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

    it('leave their value nowhere: not in logs, records, answers or the database', async () => {
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
      // Each door
      await portal.call('set', { ...inStaging('A'), value: next() });
      await portal.call('set', { ...inStaging('A'), value: next() });
      await portal.call('importAll', {
        service,
        entries: [
          { key: 'B', value: next() },
          { key: 'C', value: next() },
        ],
      });
      await portal.call('restore', { ...inStaging('A'), version: 1 });
      await portal.call('get', inStaging('A'));
      await portal.call('history', inStaging('A'));
      await portal.call('list', { service });
      const gauges = await portal.call('prometheus', {});
      expect(gauges.text).toContain(
        `highroad_secrets_behind{service="${service}",environment="staging"} 0`,
      );
      await portal.call('reveal', {
        ...inStaging('A'),
        reason: 'for the test',
      });
      await portal.call('run', { service, environment: 'staging' });
      await portal.call('diff', { service, from: 'staging', to: 'qa' });
      await portal.call('delete', inStaging('B'));
      await portal.call('undelete', inStaging('B'));
      const binary = next();
      await portal.call('set', {
        ...{ ...inStaging('D'), encoding: 'base64' },
        value: Buffer.from(binary).toString('base64'),
      });
      // Each way to get it wrong
      await portal.call('set', {
        ...inStaging('A'),
        value: next(),
        ifVersion: 1,
      });
      await portal.call('set', {
        ...inStaging('A'),
        environment: 'nowhere',
        value: next(),
      });
      await portal.call('set', { ...inStaging('no key'), value: next() });
      await portal.call('set', {
        ...inStaging('A'),
        service: 'component:default/none',
        value: next(),
      });
      await portal.call('set', {
        ...inStaging('A'),
        encoding: 'base64',
        value: next(),
      });
      await portal.call('set', { ...inStaging('A'), value: `${next()}\0` });
      await portal.call('set', {
        ...inStaging('A'),
        value: next().repeat(20_000),
      });
      await portal.call('set', { ...inStaging('A'), value: { text: next() } });
      await portal.call('set', {
        ...inStaging('A'),
        value: next(),
        encoding: 'rot13',
      });
      await post('/v1/secrets', `{"value": "${next()}`);
      await post('/v1/secrets', `"${next()}"`);
      await post(
        '/v1/secrets',
        `[{"value":"${randomBytes(4).toString('hex')}"}]`,
      );
      await post('/v1/secrets', next(), 'text/plain');
      // Each thing that does not work behind it
      portal.recording = false;
      await portal.call('set', { ...inStaging('A'), value: next() });
      portal.recording = true;
      await vault.seal();
      await portal.call('set', { ...inStaging('A'), value: next() });
      await vault.unseal();
      // Together larger than a Secret may be, so the cluster refuses it.
      for (const key of ['BIG_1', 'BIG_2', 'BIG_3']) {
        const value = next();
        await portal.call('set', {
          ...inStaging(key),
          value: value.repeat(Math.floor(500_000 / value.length)),
        });
      }
      await sleep(2_000);
      const { body } = await portal.call('list', { service });
      expect(
        body.sync.find(
          (one: { environment: string }) => one.environment === 'staging',
        ),
      ).toMatchObject({
        state: 'behind',
        message: expect.stringContaining('1 MiB'),
      });

      const written = await portal.written();
      expect(portal.records.length).toBeGreaterThan(10);
      expect(
        values.flatMap(value =>
          findings(written, value).map(where => `${where}: ${value}`),
        ),
      ).toEqual([]);

      // What is looked through is where it would be found, in whatever form.
      const planted = marker();
      for (const form of formsOf(planted)) {
        expect(findings({ logs: `x ${form} y` }, planted)).toEqual(['logs']);
      }
      expect(
        findings(
          { logs: Buffer.from(`{"a":"${planted}"}`).toString('base64') },
          planted,
        ),
      ).toEqual(['logs']);
      await portal.db('versions').insert({
        ...{ service, environment: 'staging', key: 'X', version: 1 },
        ...{ actor: planted, how: 'set', at: '' },
      });
      portal.logs.push(planted);
      portal.answers.push(JSON.stringify({ planted }));
      portal.records.push({ options: { eventId: planted } });
      expect(findings(await portal.written(), planted).sort()).toEqual([
        'answers',
        'database',
        'logs',
        'records',
      ]);
    });
  },
);
