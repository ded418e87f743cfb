import { portalAppRoles } from '../servers/vaultRoles';
import { SandboxPaths } from '../machine/paths';
import { stringify } from 'yaml';
import { Connection } from './schema';

/** The portal's configuration for this sandbox, in the shape of app-config.yaml. It holds credentials. */
export function portalConfig(
  connection: Connection,
  paths: SandboxPaths,
): string {
  const { gitea, ingress, kubernetes, postgres, registry, vault } = connection;
  return stringify({
    integrations: {
      gitea: [
        {
          host: gitea.host,
          baseUrl: gitea.address,
          username: gitea.username,
          password: gitea.password,
        },
      ],
    },
    backend: { reading: { allow: [{ host: gitea.host }] } },
    kubernetes: {
      clusterLocatorMethods: [
        {
          type: 'config',
          clusters: [
            {
              name: 'sandbox',
              title: 'Sandbox',
              url: kubernetes.server,
              authProvider: 'serviceAccount',
              serviceAccountToken: kubernetes.portalToken,
              caData: Buffer.from(kubernetes.ca).toString('base64'),
            },
          ],
        },
      ],
    },
    platform: {
      create: {
        gitOwner: gitea.organization,
        domain: connection.ingress.domain,
        // Where the builder pushes to.
        imagePrefix: `${connection.registry.host}/${gitea.organization}`,
      },
      sandbox: { directory: paths.state },
      vault: {
        url: vault.address,
        mount: 'secret',
        auth: portalAppRoles(vault),
      },
      secrets: {
        postgres: [{ name: 'sandbox', url: adminAddress(postgres) }],
      },
      prometheus: { url: connection.prometheus.address },
      clusters: [{ name: 'sandbox', kubeconfig: kubernetes.kubeconfig }],
      environments: [
        { name: 'staging', cluster: 'sandbox' },
        { name: 'production', cluster: 'sandbox', production: true },
      ],
      previews: {
        cluster: 'sandbox',
        url: `http://{service}-{environment}.${ingress.domain}:${
          new URL(ingress.address).port
        }`,
        registry: registry.host,
        databases: {
          server: {
            host: postgres.host,
            port: postgres.port,
            user: postgres.user,
            password: postgres.password,
            ...(postgres.hostFromPods && {
              hostFromPods: postgres.hostFromPods,
            }),
          },
        },
      },
      pullRequests: {
        hosts: [{ host: gitea.host, webhookSecret: gitea.webhookSecret }],
        // What is on this machine may be asked often.
        relistSeconds: 5,
      },
    },
  });
}

function adminAddress({
  host,
  port,
  user,
  password,
}: Connection['postgres']): string {
  const url = new URL(`postgres://${host}:${port}/postgres`);
  url.username = user;
  url.password = password;
  return url.toString();
}
