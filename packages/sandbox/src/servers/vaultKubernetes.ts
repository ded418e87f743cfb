import { z } from 'zod';
import { waitUntil } from '../machine/processes';
import { applyObjects, kubectl } from './kubernetes/kubectl';
import { ServerContext, ServerDefinition } from './Server';
import { readVaultRoot, vaultRequest } from './vaultApi';
import { KUBERNETES_PLUGIN, placeVaultPlugin } from './vaultPlugin';

const NAMESPACE = 'kube-system';
/** Asks the cluster whose a token is; may do nothing else. */
const REVIEWER = 'vault-token-reviewer';
const LABELS = { 'app.kubernetes.io/managed-by': 'highroad-sandbox' };

const methodsSchema = z.object({ data: z.record(z.unknown()) });
const catalogSchema = z.object({ data: z.object({ sha256: z.string() }) });

/** Programs of the cluster sign in at Vault by the token of their pod. Has no process. */
export const vaultKubernetes: ServerDefinition = {
  name: 'vault-kubernetes',
  title: 'Sign-in of pods at Vault',
  programs: [KUBERNETES_PLUGIN, 'kubernetes'],
  needs: ['vault', 'cluster'],
  // Into another's Vault nobody can put a plugin from here.
  withoutElsewhere: 'vault',
  ready: async () => true,
  async configure(context) {
    const { vault, kubernetes } = context.connection;
    const { rootToken } = await readVaultRoot(vault.rootFile);
    const ask = (method: string, path: string, body?: object) =>
      vaultRequest(vault.address, method, path, body, rootToken);
    await offerMethod(context, ask);
    await ask('POST', 'auth/kubernetes/config', {
      kubernetes_host: kubernetes.server,
      kubernetes_ca_cert: kubernetes.ca,
      token_reviewer_jwt: await reviewerToken(context),
      // Vault runs on this machine, not in a pod.
      disable_local_ca_jwt: true,
    });
  },
};

type Ask = (method: string, path: string, body?: object) => Promise<unknown>;

async function offerMethod(context: ServerContext, ask: Ask): Promise<void> {
  const plugin = await placeVaultPlugin(
    context.program(KUBERNETES_PLUGIN),
    context.paths.data('vault', 'plugins'),
  );
  const entry = 'sys/plugins/catalog/auth/kubernetes';
  const { data: methods } = methodsSchema.parse(await ask('GET', 'sys/auth'));
  const offered = 'kubernetes/' in methods;
  const known = offered
    ? catalogSchema.parse(await ask('GET', entry)).data.sha256
    : undefined;
  if (known !== plugin.sha256) await ask('PUT', entry, plugin);
  if (!offered) {
    await ask('POST', 'sys/auth/kubernetes', { type: 'kubernetes' });
  } else if (known !== plugin.sha256) {
    await ask('PUT', 'sys/plugins/reload/backend', { plugin: 'kubernetes' });
  }
}

/** A token that does not run out: of a Secret, which the cluster fills in. */
async function reviewerToken(context: ServerContext): Promise<string> {
  const metadata = { name: REVIEWER, namespace: NAMESPACE, labels: LABELS };
  await applyObjects(context, [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: REVIEWER, labels: LABELS },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'system:auth-delegator',
      },
      subjects: [
        { kind: 'ServiceAccount', name: REVIEWER, namespace: NAMESPACE },
      ],
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: {
        ...metadata,
        annotations: { 'kubernetes.io/service-account.name': REVIEWER },
      },
    },
  ]);
  let token = '';
  const filled = await waitUntil(
    async () => {
      token = await kubectl(context, [
        ...['get', 'secret', REVIEWER, `--namespace=${NAMESPACE}`],
        '--output=jsonpath={.data.token}',
      ]);
      return token !== '';
    },
    { withinMs: 30_000, everyMs: 200, signal: context.signal },
  );
  if (!filled) {
    throw new Error(
      `The cluster made no token for the service account ${NAMESPACE}/${REVIEWER}, by which Vault asks whose a pod’s token is.`,
    );
  }
  return Buffer.from(token, 'base64').toString();
}
