import {
  describeWithSandbox,
  TestCluster,
  TestVault,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { Portal } from './__testUtils__/Portal';

describeWithSandbox(
  'secrets, through the doors of the portal',
  ['cluster', 'vault'],
  sandbox => {
    const name = `doors-${randomBytes(3).toString('hex')}`;
    const service = `component:default/${name}`;
    let vault: TestVault;
    let cluster: TestCluster;
    let portal: Portal;
    const inStaging = (key: string) => ({
      ...{ service, environment: 'staging', key },
    });

    beforeAll(async () => {
      vault = await sandbox.vault();
      cluster = await sandbox.cluster();
      await cluster.kubectl(
        ['apply', '-f', '-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Namespace' },
          metadata: {
            name: `${name}-staging`,
            annotations: {
              'platform.myorg.com/service': service,
              'platform.myorg.com/environment': 'staging',
            },
          },
        }),
      );
      portal = await Portal.start(
        {
          vault: {
            ...{ url: vault.address, mount: vault.mount },
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

    it('are set, found in the cluster, listed, compared, and shown to nobody but who asked and said why', async () => {
      const value = 'a value of this test';
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
  },
);
