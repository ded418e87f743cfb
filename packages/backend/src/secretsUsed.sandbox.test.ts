import {
  describeWithSandbox,
  pushImage,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commitNeeding } from './__testUtils__/needingSecrets';
import { runPlatform } from './__testUtils__/runPlatform';
import { startWholeBackend, WholeBackend } from './__testUtils__/wholeBackend';

jest.setTimeout(300_000);

const OWNER = 'user:default/jonas.lind';
const VERSION = '1.0.0';

async function until(what: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('It did not come to that in time.');
    await sleep(500);
  }
}

describeWithSandbox(
  'secrets that are kept in Vault, and what uses them',
  ['cluster', 'vault', 'registry', 'simulated-node'],
  sandbox => {
    const suffix = randomBytes(3).toString('hex');
    const namespace = `cart-${suffix}-staging`;
    const preview = `secret-${suffix}`;
    let backend: WholeBackend;
    let cluster: TestCluster;
    let folder: string;
    let image: string;

    const platform = (args: string[], stdin?: string) =>
      runPlatform(backend, OWNER, args, stdin);
    /** What a Secret holds under a key; nothing where it is not there. */
    const held = async (secret: string, key: string, inNamespace: string) => {
      const text = await cluster.kubectl([
        ...['get', 'secret', secret, '--ignore-not-found'],
        ...['-o', `jsonpath={.data.${key}}`, `--namespace=${inNamespace}`],
      ]);
      return text ? Buffer.from(text, 'base64').toString() : undefined;
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-used-'));
      cluster = await sandbox.cluster();
      const vault = await sandbox.ownVault();
      const registry = await sandbox.registry();
      image = `${registry.prefix}/cart`;
      const commit = await commitNeeding(folder, { image, keys: ['TOKEN'] });
      await pushImage(registry.address, image.slice(image.indexOf('/') + 1), {
        references: [VERSION],
        labels: { 'org.opencontainers.image.revision': commit },
      });
      backend = await startWholeBackend({
        tokens: [],
        entities: url => `
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: cart
  annotations:
    platform.myorg.com/image: ${image}
    backstage.io/source-location: url:${url}/repositories/acme/cart/
spec: {type: service, lifecycle: production, owner: payments-team}
`,
        platform: {
          localRepositories: { directory: folder },
          registries: [
            { host: new URL(registry.address).host, insecure: true },
          ],
          vault: { url: vault.address, auth: vault.appRoles },
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          environments: [
            {
              ...{ name: 'staging', cluster: 'test', tier: 'staging' },
              namespace: `{service}-${suffix}-{environment}`,
            },
          ],
          previews: {
            ...{ cluster: 'test', namespace: cluster.namespace },
            ...{ teamNamespaces: false, secretsFrom: 'staging' },
            url: 'http://{service}-{environment}.previews.test:8080',
          },
        },
      });
    });
    afterAll(async () => {
      await backend?.stop();
      await rm(folder, { recursive: true, force: true });
      const name = `highroad-${cluster.namespace}`;
      for (const what of [
        ['namespace', namespace, `env-${preview}`, '--wait=false'],
        ['lease', name, '--namespace=kube-system'],
        ['validatingadmissionpolicybinding', name],
        ['validatingadmissionpolicy', name],
      ]) {
        await cluster.kubectl(['delete', '--ignore-not-found', ...what]);
      }
    }, 120_000);

    it('are missing before a version that needs them is deployed, which is refused, and in its pods’ Secret once they are set', async () => {
      const deploy = [
        ...['deploy', 'cart', '--env', 'staging', '--version', VERSION],
      ];
      const refused = await platform(deploy);
      expect(refused.output).toContain(
        'Deployment cart needs TOKEN, which is not set in staging. Set it: platform secrets set cart/TOKEN --env staging',
      );
      expect(refused.code).not.toBe(0);
      expect(
        await cluster.kubectl([
          ...['get', 'deployment', '-o', 'name', `--namespace=${namespace}`],
        ]),
      ).toBe('');

      const list = ['secrets', 'list', 'cart'];
      const lacking = await platform(list);
      expect(lacking.output).toContain(
        `✖ TOKEN is missing in staging: Deployment cart of ${VERSION} needs it. Set it: platform secrets set cart/TOKEN --env staging`,
      );
      const set = await platform(
        ['secrets', 'set', 'cart/TOKEN', '--env', 'staging'],
        'first',
      );
      expect([set.code, set.output]).toEqual([0, expect.any(String)]);
      expect((await platform(list)).output).toMatch(/TOKEN +✔ version 1\n/);

      const deployed = await platform(deploy);
      expect([deployed.code, deployed.output]).toEqual([
        ...[0, expect.any(String)],
      ]);
      // Its namespace is there since a moment ago.
      await until(
        async () => (await held('cart', 'TOKEN', namespace)) === 'first',
      );
      expect((await platform(list)).output).not.toContain('missing');
    });

    it('are lent to an environment on demand, which has another value as soon as that is set', async () => {
      const set = (value: string) =>
        platform(['secrets', 'set', 'cart/TOKEN', '--env', 'staging'], value);
      await set('lent');
      const created = await platform(
        ['env', 'create', '-f', '-'],
        `
apiVersion: platform.myorg.com/v1
kind: Environment
metadata: {name: ${preview}}
spec:
  type: preview
  services:
    - name: cart
      image: ${image}:${VERSION}
      env:
        - name: API_TOKEN
          secret: {service: cart, key: TOKEN}
`,
      );
      expect([created.code, created.output]).toEqual([0, expect.any(String)]);
      const inPreview = () =>
        held('cart-secrets', 'API_TOKEN', `env-${preview}`);
      expect(await inPreview()).toBe('lent');
      expect((await platform(['secrets', 'list', 'cart'])).output).toContain(
        `TOKEN of staging is lent to ${preview}`,
      );

      const generation = () =>
        cluster.kubectl([
          ...['get', 'deployment', 'cart', `--namespace=env-${preview}`],
          ...['-o', 'jsonpath={.metadata.generation}'],
        ]);
      const before = await generation();
      const changed = await set('another');
      expect(changed.code).toBe(0);
      expect(changed.output).toContain(preview);
      expect(await inPreview()).toBe('another');
      expect(await held('cart', 'TOKEN', namespace)).toBe('another');
      // Programs read it when they begin.
      await until(async () => (await generation()) !== before);

      const gone = await platform(['env', 'delete', preview, '--yes']);
      expect(gone.code).toBe(0);
    });
  },
);
