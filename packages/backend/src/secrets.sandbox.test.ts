import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPlatform } from './__testUtils__/runPlatform';
import { startWholeBackend, WholeBackend } from './__testUtils__/wholeBackend';

jest.setTimeout(300_000);

const OWNER = 'user:default/jonas.lind';
const STRANGER = 'user:default/mei.tanaka';
const SERVICE = 'payment-service';

describeWithSandbox(
  'secrets, from the command to the cluster',
  ['cluster', 'vault'],
  sandbox => {
    const suffix = randomBytes(3).toString('hex');
    const environments = ['staging', 'production'].map(name => ({
      ...{ name, cluster: 'test', production: name === 'production' },
      namespace: `{service}-${suffix}-{environment}`,
    }));
    let backend: WholeBackend;
    let vault: OwnVault;
    let cluster: TestCluster;
    let folder: string;

    const platform = (who: string, args: string[], stdin?: string) =>
      runPlatform(backend, who, args, stdin);

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-cli-'));
      vault = await sandbox.ownVault();
      cluster = await sandbox.cluster();
      for (const { name } of environments) {
        const namespace = {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: {
            name: `${SERVICE}-${suffix}-${name}`,
            annotations: {
              'platform.myorg.com/service': `component:default/${SERVICE}`,
              'platform.myorg.com/environment': name,
            },
          },
        };
        await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(namespace));
      }
      backend = await startWholeBackend({
        tokens: ['ci-payment'],
        platform: {
          vault: { url: vault.address, auth: vault.appRoles },
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          environments,
          access: {
            admins: ['group:default/platform-team'],
            machines: [
              {
                subject: 'ci-payment',
                services: [`component:default/${SERVICE}`],
                environments: ['staging'],
                operations: ['platform.secret.set'],
              },
            ],
          },
        },
      });
      await backend.signIn(OWNER);
    }, 300_000);
    afterAll(async () => {
      await backend?.stop();
      await rm(folder, { recursive: true, force: true });
      await cluster?.kubectl([
        ...['delete', 'namespace', '--wait=false', '--ignore-not-found'],
        ...environments.map(({ name }) => `${SERVICE}-${suffix}-${name}`),
      ]);
    }, 120_000);

    const held = async (environment: string, key: string) =>
      Buffer.from(
        await cluster.kubectl([
          ...['get', 'secret', SERVICE, '-o', `jsonpath={.data.${key}}`],
          `--namespace=${SERVICE}-${suffix}-${environment}`,
        ]),
        'base64',
      ).toString();

    it('are set, listed, shown with a reason, given to a program, put back, and recorded', async () => {
      const set = await platform(
        OWNER,
        ['secrets', 'set', `${SERVICE}/URL`],
        'postgres://first\n',
      );
      expect(set.output).toContain('✔ set  payment-service/URL in staging');
      expect(set.output).toContain(
        'Not in production. For that: platform secrets set payment-service/URL --env production',
      );
      expect(set.output).not.toContain('postgres://first');
      expect(set.code).toBe(0);
      expect(await held('staging', 'URL')).toBe('postgres://first');

      const warned = await platform(OWNER, [
        ...['secrets', 'set', `${SERVICE}/URL`, 'postgres://second'],
        ...['--env', 'staging'],
      ]);
      expect(warned.output).toContain('! A value on the command line');
      expect(warned.code).toBe(0);

      const file = join(folder, '.env');
      await writeFile(file, 'TOKEN="two words"\nOTHER=1\n');
      const imported = await platform(OWNER, [
        ...['secrets', 'import', SERVICE, file, '--env', 'production'],
      ]);
      expect([imported.code, imported.output]).toEqual([
        0,
        expect.stringContaining('TOKEN in production, version 1'),
      ]);
      expect(await held('production', 'TOKEN')).toBe('two words');

      const list = await platform(OWNER, ['secrets', 'list', SERVICE]);
      expect(list.output).toMatch(/URL +✔ version 2 +— missing/);
      expect(list.output).toMatch(/TOKEN +— missing +✔ version 1/);

      const history = await platform(OWNER, [
        ...['secrets', 'history', `${SERVICE}/URL`, '--env', 'staging'],
      ]);
      expect(history.output).toMatch(/2 +\S+ +user:default\/jonas.lind +set/);

      const shown = await platform(OWNER, [
        ...['secrets', 'reveal', `${SERVICE}/TOKEN`, '--env', 'production'],
        ...['--reason', 'the test asks'],
      ]);
      expect([shown.code, shown.output]).toEqual([0, 'two words\n']);

      const ran = await platform(OWNER, [
        ...['secrets', 'run', SERVICE, '--env', 'staging', '--'],
        ...[process.execPath, '-e'],
        'console.log(process.env.URL); process.exit(7)',
      ]);
      expect(ran).toEqual({ code: 7, output: 'postgres://second\n' });
      const inProduction = await platform(OWNER, [
        ...['secrets', 'run', SERVICE, '--env', 'production', '--', 'env'],
      ]);
      expect(inProduction.code).toBe(2);

      const diff = await platform(OWNER, [
        ...['secrets', 'diff', SERVICE, '--from', 'staging'],
        ...['--to', 'production'],
      ]);
      expect(diff.output).toMatch(/URL +— missing in production/);

      const restored = await platform(OWNER, [
        ...['secrets', 'restore', `${SERVICE}/URL`, '--env', 'staging'],
        ...['--to', '1'],
      ]);
      expect(restored.output).toContain('✔ restored');
      expect(await held('staging', 'URL')).toBe('postgres://first');
      for (const [verb, word] of [
        ['delete', '✔ deleted'],
        ['undelete', '✔ put back'],
      ]) {
        const changed = await platform(OWNER, [
          ...['secrets', verb, `${SERVICE}/URL`, '--env', 'staging'],
        ]);
        expect(changed.output).toContain(word);
      }
      const got = await platform(OWNER, [
        ...['secrets', 'get', `${SERVICE}/URL`, '--env', 'staging'],
      ]);
      expect(got.output).toContain('set, version 3');

      const records = await platform(OWNER, [
        ...['audit', 'search', SERVICE, '--event', 'secrets.reveal', '--json'],
      ]);
      expect(records.output).toContain('the test asks');
      expect(records.output).toContain('"key": "TOKEN"');
      expect(records.output).not.toContain('two words');
    });

    it('are nothing for strangers, and for a token only what it is for', async () => {
      const set = ['secrets', 'set', `${SERVICE}/URL`, '--env'];
      const stranger = await platform(STRANGER, [...set, 'staging'], 'x');
      expect(stranger.code).toBe(3);
      expect(stranger.output).toContain('platform.secret.set');
      expect(
        (await platform('ci-payment', [...set, 'staging'], 'of the pipeline'))
          .code,
      ).toBe(0);
      expect(
        (await platform('ci-payment', [...set, 'production'], 'x')).code,
      ).toBe(3);
      const reveal = await platform('ci-payment', [
        ...['secrets', 'reveal', `${SERVICE}/URL`, '--env', 'staging'],
        ...['--reason', 'the test asks'],
      ]);
      expect(reveal.code).toBe(3);
      expect(reveal.output).not.toContain('of the pipeline');
    });
  },
);
