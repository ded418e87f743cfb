import { z } from 'zod';
import { Connection } from '../connection/schema';
import { writeOwnFile } from '../machine/files';
import { waitUntil } from '../machine/processes';
import { answers } from '../servers/http';
import { authorityFile } from '../servers/kubernetes/files';
import { applyObjects, kubectl } from '../servers/kubernetes/kubectl';
import { ServerContext, ServerDefinition } from '../servers/Server';

const NAME = 'ingress';
const NAMESPACE = 'kube-system';
/** The class of Ingresses that are meant for it. */
export const INGRESS_CLASS = 'skipper';
/** Argo Rollouts writes a canary's share of the traffic here, on an Ingress beside the one of what ran before. */
const CANARY_WEIGHT = 'nginx.ingress.kubernetes.io/canary-weight';

/** Lets the ingress see what to lead where, under an account of its own; and makes it the one that is meant by default. */
export function ingressObjects(): object[] {
  const metadata = { name: NAME, namespace: NAMESPACE };
  const role = { name: 'highroad:ingress' };
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: {
        name: INGRESS_CLASS,
        annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
      },
      spec: { controller: 'zalando.org/skipper' },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        ...metadata,
        annotations: { 'kubernetes.io/service-account.name': NAME },
      },
      type: 'kubernetes.io/service-account-token',
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: role,
      rules: [
        {
          apiGroups: [''],
          resources: ['services', 'endpoints', 'namespaces', 'pods'],
          verbs: ['get', 'list', 'watch'],
        },
        {
          apiGroups: ['discovery.k8s.io'],
          resources: ['endpointslices'],
          verbs: ['get', 'list', 'watch'],
        },
        {
          apiGroups: ['networking.k8s.io'],
          resources: ['ingresses', 'ingressclasses'],
          verbs: ['get', 'list', 'watch'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: role,
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: role.name,
      },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
  ];
}

/**
 * Arguments of Skipper.
 *
 * @param token - path of the file with the account's token
 */
export function ingressArguments(
  { kubernetes, ports }: Connection,
  token: string,
): string[] {
  return [
    `-address=127.0.0.1:${ports.ingress}`,
    `-support-listener=127.0.0.1:${ports.ingressSupport}`,
    '-kubernetes',
    `-kubernetes-url=${kubernetes.server}`,
    `-kubernetes-token-file=${token}`,
    `-kubernetes-ingress-class=${INGRESS_CLASS}`,
    '-enable-kubernetes-endpointslices',
    '-kubernetes-https-redirect=false',
    '-kubernetes-healthcheck=false',
    // It asks for changes this often, in milliseconds.
    '-source-poll-timeout=1000',
    '-wait-first-route-load',
    '-wait-for-healthcheck-interval=0',
    ...canaryWeights(),
    '-application-log-level=WARN',
    '-access-log-disabled',
  ];
}

/**
 * Has Skipper understand the weights of ingress-nginx's canaries, from 0 to 100: a route of such an Ingress takes that
 * share of the requests, the rest falls to the Ingress beside it.
 *
 * `TrafficSegment` doesn't count when Skipper looks for the most particular route; `True` does.
 *
 * @see https://opensource.zalando.com/skipper/reference/predicates/#trafficsegment
 */
function canaryWeights(): string[] {
  return Array.from({ length: 101 }, (_, weight) => {
    const share = (weight / 100).toFixed(2);
    return `-kubernetes-annotation-predicates=${CANARY_WEIGHT}=${weight}=True() && TrafficSegment(0.0, ${share})`;
  });
}

export const ingress: ServerDefinition = {
  name: 'ingress',
  title: 'Leads requests to services by their host name',
  programs: ['skipper', 'kubernetes'],
  needs: ['cluster'],
  address: connection => connection.ingress.address,
  async setUp(context) {
    await applyObjects(context, ingressObjects());
    await writeOwnFile(tokenFile(context), await accountToken(context));
  },
  async command(context) {
    return {
      command: context.program('skipper').binary('skipper'),
      args: ingressArguments(context.connection, tokenFile(context)),
      env: { SSL_CERT_FILE: await authorityFile(context) },
    };
  },
  // Where no Ingress is for this name, it says 404.
  ready: ({ connection }) =>
    answers(connection.ingress.address, status => status === 404),
};

function tokenFile({ paths }: ServerContext): string {
  return paths.run('ingress.token');
}

const secretSchema = z.object({
  data: z.object({ token: z.string().optional() }).optional(),
});

/** The account's token, which the controller manager puts into the Secret. */
async function accountToken(context: ServerContext): Promise<string> {
  let token = '';
  const found = await waitUntil(
    async () => {
      const text = await kubectl(context, [
        ...['get', 'secret', NAME, `--namespace=${NAMESPACE}`],
        '--output=json',
      ]);
      const { data } = secretSchema.parse(JSON.parse(text));
      token = Buffer.from(data?.token ?? '', 'base64').toString();
      return token !== '';
    },
    { withinMs: 30_000, everyMs: 200, signal: context.signal },
  );
  if (!found) {
    throw new Error(
      'The controller manager made no token for the ingress within 30 s.',
    );
  }
  return token;
}
