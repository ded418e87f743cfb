import { loadYaml } from '@kubernetes/client-node';
import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
} from '@highroad/sandbox/testing';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Portal } from './__testUtils__/Portal';
import { until } from './__testUtils__/SandboxWorld';
import { createVault } from './drivers/vault/createVault';

jest.setTimeout(180_000);

const PAGE = resolve(__dirname, '../../../docs/how-to/connect-vault.md');
const settingsSchema = z.object({
  platform: z.object({
    vault: z.object({
      ...{ url: z.string(), mount: z.string(), caFile: z.string() },
      auth: z.record(z.record(z.string())),
    }),
  }),
});

/** What stands in blocks of the page, in their order. */
function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(
    ([, found, text]) => (found === language ? [text] : []),
  );
}

describeWithSandbox(
  'a Vault that is connected as the how-to says',
  ['cluster', 'vault'],
  sandbox => {
    const name = `connected-${randomBytes(3).toString('hex')}`;
    const at = {
      ...{ service: `component:default/${name}`, environment: 'staging' },
      key: 'TOKEN',
    };
    let vault: OwnVault;
    let cluster: TestCluster;
    let folder: string;
    let page: string;
    let portal: Portal | undefined;

    /** The page's text with what is called otherwise here. */
    const here = (text: string) => {
      const { namespace, server } = cluster;
      return Object.entries({
        'https://vault.acme.example:8200': vault.tls?.address ?? '',
        '/etc/vault/ca.pem': vault.tls?.caFile ?? '',
        ...{ '/run/secrets': folder, '/var/log/vault': folder },
        'https://10.0.0.1:6443': server,
        '--namespace=highroad': `--namespace=${namespace}`,
        'highroad:vault-reviewer': `${namespace}:vault-reviewer`,
        'clusterrolebinding vault-reviewer': `clusterrolebinding ${namespace}`,
        'account_names=highroad': 'account_names=default',
        'account_namespaces=highroad': `account_namespaces=${namespace}`,
        'payments-team': 'team',
      }).reduce((all, [there, own]) => all.replaceAll(there, own), text);
    };
    const type = async (commands: string) => {
      const folders = [vault.binary, cluster.binary].map(dirname);
      const { stdout } = await promisify(execFile)(
        'bash',
        ['-euo', 'pipefail', '-c', here(commands)],
        {
          cwd: folder,
          env: {
            PATH: [...folders, process.env.PATH].join(delimiter),
            HOME: folder,
            KUBECONFIG: cluster.kubeconfig,
            VAULT_ADDR: vault.tls?.address,
            VAULT_CACERT: vault.tls?.caFile,
            VAULT_TOKEN: vault.token,
          },
        },
      );
      return stdout;
    };

    beforeAll(async () => {
      page = await readFile(PAGE, 'utf8');
      vault = await sandbox.ownVault({ kubernetesAuth: true, tls: true });
      cluster = await sandbox.cluster();
      folder = await mkdtemp(join(tmpdir(), 'highroad-connect-'));
      // Whoever follows it has nothing yet.
      for (const method of ['approle', 'kubernetes']) {
        await vault.request('DELETE', `sys/auth/${method}`);
      }
    });
    afterAll(async () => {
      await portal?.stop();
      await cluster?.kubectl([
        ...['delete', 'clusterrolebinding', cluster.namespace],
        '--ignore-not-found',
      ]);
      await rm(folder, { recursive: true, force: true });
    });

    it('lets the platform do what it has to and no more, by each way to sign in, and gets policies of services', async () => {
      const commands = blocksOf(page, 'sh');
      const handing = commands.findIndex(one => one.includes('policy list'));
      expect(handing).toBeGreaterThan(0);
      for (const one of commands.slice(0, handing)) await type(one);

      const [settings] = blocksOf(page, 'yaml');
      const { vault: configured } = settingsSchema.parse(
        loadYaml(here(settings)),
      ).platform;
      portal = await Portal.start(
        {
          // Policies are looked after ten times less often.
          ...{ vault: configured, secrets: { pollSeconds: 0.2 } },
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          environments: [{ name: 'staging', cluster: 'test' }],
        },
        [at.service],
      );
      await portal.succeed('set', { ...at, value: 'a value' });
      const { body } = await portal.call('reveal', {
        ...{ ...at, reason: 'for the test' },
      });
      expect(body.value).toBe('a value');
      await portal.succeed('delete', at);
      await portal.succeed('undelete', at);
      expect((await portal.call('status', {})).body).toMatchObject({
        ...{ state: 'ready', warnings: [] },
      });
      expect(await readFile(join(folder, 'audit.log'), 'utf8')).toContain(
        'x-correlation-id',
      );

      await until(() => type(commands[handing]).then(Boolean, () => false));
      expect((await type(commands[handing])).trim().split('\n')).toEqual(
        [
          `highroad-service-highroad.${name}.owners`,
          `highroad-service-highroad.${name}.staging.workload`,
          'highroad-service-highroad.group:default:team.owned',
        ].sort(),
      );
      for (const one of commands.slice(handing + 1)) await type(one);

      const jwt = join(folder, 'jwt');
      await writeFile(
        ...([
          jwt,
          await cluster.kubectl(['create', 'token', 'default']),
        ] as const),
      );
      const byPod = (role: string) => ({
        ...{ kubernetesRole: `highroad-${role}`, tokenPath: jwt },
        mount: 'kubernetes',
      });
      const store = createVault(
        {
          ...{ ...configured, timeoutSeconds: 5, workloads: [] },
          auth: {
            ...{ write: byPod('write'), reveal: byPod('reveal') },
            sync: byPod('sync'),
          },
        },
        () => new Date(),
      );
      const stored = await store.read(at, 'sync');
      expect(stored?.value.reveal()).toBe('a value');
      await store.delete(at, 1);
      expect(await store.read(at, 'reveal')).toBeUndefined();
    });
  },
);
