import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { mockCredentials } from '@backstage/backend-test-utils';
import { describeWithSandbox, TestVault } from '@highroad/sandbox/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Portal } from './__testUtils__/Portal';
import { until } from './__testUtils__/SandboxWorld';
import { ServerProxy } from './__testUtils__/ServerProxy';

const PLATFORM = resolve(
  ...[__dirname, '../../../packages/platform-cli/bin/platform'],
);
const versionsSchema = z.object({
  data: z.object({ current_version: z.number() }),
});
const valueSchema = z.object({
  data: z.object({ data: z.object({ value: z.string() }) }),
});

/** As much of a catalog as a command asks before it names a service. */
const catalogOf = (name: string) =>
  createBackendPlugin({
    pluginId: 'catalog',
    register(env) {
      env.registerInit({
        deps: { http: coreServices.httpRouter },
        async init({ http }) {
          http.use((request, response, next) => {
            if (!request.path.endsWith(`/component/default/${name}`)) {
              next();
              return;
            }
            response.json({
              ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Component' },
              metadata: { name, namespace: 'default' },
            });
          });
        },
      });
    },
  });

describeWithSandbox(
  'two who write the same secret at once',
  ['vault'],
  sandbox => {
    const name = `writers-${randomBytes(3).toString('hex')}`;
    const service = `component:default/${name}`;
    const at = { service, environment: 'staging', key: 'URL' };
    let vault: TestVault;
    let proxy: ServerProxy;
    let portal: Portal;

    beforeAll(async () => {
      vault = await sandbox.vault();
      proxy = await ServerProxy.start(vault.address);
      portal = await Portal.start(
        {
          vault: {
            ...{ url: proxy.address, mount: vault.mount },
            auth: vault.appRoles,
          },
          environments: [{ name: 'staging' }],
        },
        [service],
        [catalogOf(name)],
      );
    });
    afterAll(async () => {
      await portal?.stop();
      await proxy?.stop();
    });

    /** Runs the command as it is installed, and hands it a value. */
    const byCommand = async (value: string, ...options: string[]) => {
      const [, token] = mockCredentials.user
        .header('user:default/jonas')
        .split(' ');
      const child = spawn(
        process.execPath,
        [
          ...[PLATFORM, 'secrets', 'set', `${name}/URL`],
          ...['--env', 'staging', ...options],
        ],
        {
          env: {
            ...process.env,
            ...{ PLATFORM_URL: portal.url, PLATFORM_TOKEN: token },
          },
        },
      );
      let said = '';
      const hear = (text: Buffer) => {
        said += text;
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.stdin.end(value);
      const [code] = await once(child, 'close');
      return { code, said };
    };
    const byHttp = (value: string, ifVersion?: number) =>
      portal.call('set', { ...at, value, ifVersion });
    const path = `staging/${name}/URL`;
    const version = async () =>
      versionsSchema.parse(
        await vault.request('GET', `${vault.mount}/metadata/${path}`),
      ).data.current_version;
    const valueOf = async (of: number) =>
      valueSchema.parse(
        await vault.request('GET', `${vault.mount}/data/${path}?version=${of}`),
      ).data.data.value;

    it('by the command and by HTTP: whoever saw an older version is refused, by either door', async () => {
      expect((await byHttp('one', 0)).status).toBe(200);
      const second = await byCommand('two', '--if-version', '1');
      expect(second).toMatchObject({ code: 0 });
      const late = await byHttp('late by HTTP', 1);
      expect([late.status, late.body.error.message]).toEqual([
        409,
        expect.stringMatching(/URL in staging is at version 2, not 1/),
      ]);
      expect((await byHttp('three', 2)).status).toBe(200);
      const command = await byCommand('late by command', '--if-version', '2');
      expect(command.code).not.toBe(0);
      expect(command.said).toMatch(/URL in staging is at version 3, not 2/);
      expect(command.said).not.toContain('late by command');
      expect([await version(), await valueOf(3)]).toEqual([3, 'three']);
    });

    it('both having seen the newest version, and both on their way to Vault: one wins, the other is told', async () => {
      const before = await version();
      const written = new RegExp(`POST /v1/${vault.mount}/data/${path}`);
      const earlier = proxy.count(written);
      // Each has looked before either writes.
      proxy.delayMs = 700;
      const options = ['--if-version', String(before)];
      const command = byCommand('by the command', ...options);
      const looks = new RegExp(`GET /v1/${vault.mount}/metadata/${path}`);
      const looked = proxy.count(looks);
      await until(async () => proxy.count(looks) > looked);
      const [first, second] = await Promise.all([
        command,
        byHttp('by HTTP', before),
      ]);
      proxy.delayMs = 0;
      expect(proxy.count(written)).toBe(earlier + 2);
      expect(await version()).toBe(before + 1);
      const won = await valueOf(before + 1);
      const told: Record<string, string> = {
        ...{ 'by the command': first.said, 'by HTTP': second.text },
      };
      const [lost] = Object.keys(told).filter(one => one !== won);
      expect({
        'by the command': first.code === 0,
        'by HTTP': second.status === 200,
      }).toEqual({ [won]: true, [lost]: false });
      expect(told[lost]).toMatch(/changed by somebody else meanwhile/);
    });
  },
);
