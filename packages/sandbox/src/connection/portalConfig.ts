import { portalAppRoles } from '../servers/vaultRoles';
import { SandboxPaths } from '../machine/paths';
import { stringify } from 'yaml';
import { Connection } from './schema';

const NEW_PODS = 'namespace="{namespace}",pod=~"{service}-{podHash}-.*"';

/** Fewer than one in twenty requests to the new pods of a canary may fail; without requests there is nothing to judge. */
const ERROR_RATE = {
  name: 'error-rate',
  query: `(sum(rate(http_requests_total{${NEW_PODS},status=~"5.."}[{window}])) or vector(0)) / sum(rate(http_requests_total{${NEW_PODS}}[{window}]))`,
  ...{ max: 0.05, window: '30s' },
  samples: `sum(increase(http_requests_total{${NEW_PODS}}[{window}])) or vector(0)`,
  ...{ minSamples: 20, fewSamples: 'pass' },
};

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
        canaryRouter: 'nginx',
        // Where the builder pushes to.
        imagePrefix: `${connection.registry.host}/${gitea.organization}`,
      },
      sandbox: { directory: paths.state },
      vault: {
        url: vault.address,
        mount: 'secret',
        auth: portalAppRoles(vault),
        ...(vault.podsSignIn && { workloads: [{ cluster: 'sandbox' }] }),
      },
      secrets: {
        postgres: [
          {
            ...{ name: 'sandbox', url: adminAddress(postgres) },
            ...(postgres.hostFromPods && { hosts: [postgres.hostFromPods] }),
          },
        ],
      },
      prometheus: { url: connection.prometheus.address },
      // Simulated pods run images that nobody has built.
      ...(connection.node.kind === 'real' && {
        registries: [
          {
            host: registry.host,
            insecure: new URL(registry.address).protocol === 'http:',
          },
        ],
      }),
      clusters: [{ name: 'sandbox', kubeconfig: kubernetes.kubeconfig }],
      environments: [
        {
          ...{ name: 'staging', cluster: 'sandbox' },
          // Only pods that run have numbers to be judged by.
          ...(connection.node.kind === 'real' && { conditions: [ERROR_RATE] }),
        },
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
