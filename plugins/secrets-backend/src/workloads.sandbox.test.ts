import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Portal } from './__testUtils__/Portal';
import { until } from './__testUtils__/SandboxWorld';
import { Reach, reachOf, readsOnly } from './__testUtils__/vaultReach';
import { createVault } from './drivers/vault/createVault';
import { roleName } from './drivers/vault/WorkloadRoles';

jest.setTimeout(180_000);

const loginSchema = z.object({ auth: z.object({ client_token: z.string() }) });
const rolesSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });

describeWithSandbox(
  'programs that sign in at Vault themselves',
  ['cluster', 'vault'],
  sandbox => {
    const id = randomBytes(3).toString('hex');
    // The last stands with its whole reference, whose signs names of roles may not have.
    const services = [
      ...[`cart-${id}`, `cart-${id}-eu`].map(
        name => [`component:default/${name}`, name, name] as const,
      ),
      [`api:default/paid-${id}`, `paid-${id}`, `api:default:paid-${id}`],
    ] as const;
    const environments = ['staging', 'production'];
    const places = services.flatMap(([service, name, inVault]) =>
      environments.map(environment => ({
        ...{ service, environment },
        namespace: `${name}-${environment}`,
        path: `${environment}/${inVault}/KEY`,
      })),
    );
    /** Has the name that a service's would have, and was made by somebody else */
    const foreign = `cart-${id}-other-staging`;
    const foreignService = `component:default/cart-${id}-other`;
    let vault: OwnVault;
    let cluster: TestCluster;
    let portal: Portal;
    let folder: string;

    const tokenOf = async (namespace: string) =>
      (
        await cluster.kubectl([
          ...['create', 'token', 'default', `--namespace=${namespace}`],
        ])
      ).trim();
    const post = (path: string, body: object) =>
      fetch(`${vault.address}/v1/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
    const roles = async () =>
      rolesSchema.parse(await vault.request('LIST', 'auth/kubernetes/role'))
        .data.keys;

    beforeAll(async () => {
      vault = await sandbox.ownVault({ kubernetesAuth: true });
      cluster = await sandbox.cluster();
      folder = await mkdtemp(join(tmpdir(), 'highroad-workloads-'));
      const reviewer = ['create', 'serviceaccount', 'reviewer'];
      await cluster.kubectl(reviewer);
      await cluster.kubectl([
        ...['create', 'clusterrolebinding', `reviewer-${id}`],
        '--clusterrole=system:auth-delegator',
        `--serviceaccount=${cluster.namespace}:reviewer`,
      ]);
      const authority = await cluster.kubectl([
        ...['config', 'view', '--raw', '--output'],
        'jsonpath={.clusters[0].cluster.certificate-authority-data}',
      ]);
      await vault.request('POST', 'auth/kubernetes/config', {
        kubernetes_host: cluster.server,
        kubernetes_ca_cert: Buffer.from(authority, 'base64').toString(),
        token_reviewer_jwt: (
          await cluster.kubectl(['create', 'token', 'reviewer'])
        ).trim(),
        disable_local_ca_jwt: true,
      });
      for (const { namespace, service, environment } of places) {
        await cluster.kubectl(
          ['apply', '-f', '-'],
          JSON.stringify({
            ...{ apiVersion: 'v1', kind: 'Namespace' },
            metadata: {
              name: namespace,
              annotations: {
                'platform.myorg.com/service': service,
                'platform.myorg.com/environment': environment,
              },
            },
          }),
        );
      }
      await cluster.kubectl(['create', 'namespace', foreign]);
      portal = await Portal.start(
        {
          vault: {
            url: vault.address,
            mount: vault.mount,
            auth: vault.appRoles,
            workloads: [{ cluster: 'test' }],
          },
          // Roles are looked after ten times less often.
          secrets: { pollSeconds: 0.2 },
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          environments: environments.map(name => ({ name, cluster: 'test' })),
        },
        [...places.map(one => one.service), foreignService],
      );
      for (const { service, environment } of places) {
        await portal.call('set', {
          ...{ service, environment, key: 'KEY' },
          value: `of ${service} in ${environment}`,
        });
      }
      await portal.call('set', {
        ...{ service: foreignService, environment: 'staging' },
        ...{ key: 'KEY', value: 'not for them' },
      });
      await until(async () =>
        (
          await roles().catch((): string[] => [])
        ).includes(roleName(places[places.length - 1], vault.mount)),
      );
    });
    afterAll(async () => {
      await portal?.stop();
      await rm(folder, { recursive: true, force: true });
      await cluster?.kubectl([
        ...['delete', 'clusterrolebinding', `reviewer-${id}`],
      ]);
      await cluster?.kubectl([
        ...['delete', 'namespace', foreign],
        ...places.map(one => one.namespace),
        ...['--wait=false', '--ignore-not-found'],
      ]);
    });

    it('read what is their own service’s in their own environment, can do nothing else, and sign in as nothing else', async () => {
      const seen: Record<string, Reach> = {};
      const wanted: Record<string, Reach> = {};
      const paths = places.map(one => one.path);
      for (const { namespace, path } of places) {
        const jwt = await tokenOf(namespace);
        for (const as of places) {
          const role = roleName(as, vault.mount);
          const login = await post('auth/kubernetes/login', { jwt, role });
          if (!login.ok) continue;
          const { auth } = loginSchema.parse(await login.json());
          seen[`${namespace} as ${as.namespace}`] = await reachOf(
            ...([vault, auth.client_token, paths] as const),
          );
        }
        wanted[`${namespace} as ${namespace}`] = readsOnly([path]);
      }
      expect(seen).toEqual(wanted);
    });

    it('are not let in from a namespace that was not made for the service', async () => {
      const name = roleName(
        { service: foreignService, environment: 'staging' },
        vault.mount,
      );
      expect(await roles()).not.toContain(name);
      const login = await post('auth/kubernetes/login', {
        ...{ jwt: await tokenOf(foreign), role: name },
      });
      expect(login.ok).toBe(false);
    });

    it('lose their way in with their namespace, and what was changed by hand is mended', async () => {
      const [first, second] = places.map(one => roleName(one, vault.mount));
      await vault.request('DELETE', `auth/kubernetes/role/${second}`);
      await cluster.kubectl([
        ...['delete', 'namespace', places[0].namespace, '--wait=false'],
      ]);
      await until(async () => {
        const names = await roles();
        return !names.includes(first) && names.includes(second);
      }, 30_000);
      expect(await roles()).toContain(second);
    });

    it('may be the platform itself, by the token of its pod or one in a file', async () => {
      const account = cluster.namespace;
      await vault.request('POST', 'auth/kubernetes/role/platform-sync', {
        bound_service_account_names: ['default'],
        bound_service_account_namespaces: [account],
        token_policies: ['own-sync'],
      });
      const [tokenPath, tokenFile] = [join(folder, 'jwt'), join(folder, 'tok')];
      await writeFile(tokenPath, await tokenOf(account));
      const { auth } = loginSchema.parse(
        await vault.request('POST', 'auth/token/create', {
          ...{ policies: ['own-sync'], ttl: '5m' },
        }),
      );
      await writeFile(tokenFile, `${auth.client_token}\n`);
      const [, , place] = places;
      const at = { ...place, key: 'KEY' };
      for (const sync of [
        { kubernetesRole: 'platform-sync', tokenPath, mount: 'kubernetes' },
        { tokenFile },
      ]) {
        const store = createVault(
          {
            ...{ url: vault.address, mount: vault.mount, workloads: [] },
            timeoutSeconds: 5,
            auth: { write: sync, reveal: sync, sync },
          },
          () => new Date(),
        );
        const stored = await store.read(at, 'sync');
        expect(stored?.value.reveal()).toBe(
          `of ${place.service} in ${place.environment}`,
        );
      }
      await writeFile(tokenPath, await tokenOf(places[2].namespace));
      const stranger = createVault(
        {
          ...{ url: vault.address, mount: vault.mount, workloads: [] },
          timeoutSeconds: 5,
          auth: {
            write: { tokenFile },
            reveal: { tokenFile },
            sync: {
              ...{ kubernetesRole: 'platform-sync', mount: 'kubernetes' },
              tokenPath,
            },
          },
        },
        () => new Date(),
      );
      await expect(stranger.read(at, 'sync')).rejects.toThrow(
        /sign in by kubernetes.*platform\.vault\.auth\.sync/,
      );
    });
  },
);

describeWithSandbox(
  'a Vault whose certificate is of an authority of one’s own',
  ['vault'],
  sandbox => {
    it('answers where the authority is configured, and is refused where it is not', async () => {
      const { tls, mount, appRoles, request } = await sandbox.ownVault({
        tls: true,
      });
      const at = {
        ...{ service: 'component:default/cart', environment: 'staging' },
        key: 'KEY',
      };
      await request('POST', `${mount}/data/staging/cart/KEY`, {
        data: { value: 'by TLS' },
      });
      const settings = {
        ...{ url: tls!.address, mount, workloads: [], timeoutSeconds: 5 },
        auth: {
          write: { ...appRoles.write, mount: 'approle' },
          reveal: { ...appRoles.reveal, mount: 'approle' },
          sync: { ...appRoles.sync, mount: 'approle' },
        },
      };
      const now = () => new Date();
      const trusting = createVault({ ...settings, caFile: tls!.caFile }, now);
      expect((await trusting.read(at, 'sync'))?.value.reveal()).toBe('by TLS');
      await expect(createVault(settings, now).read(at, 'sync')).rejects.toThrow(
        /does not answer \((\w*CERT\w*|\w*SIGNATURE\w*|SELF_SIGNED\w*)\).*vault-does-not-answer/,
      );
    });
  },
);
