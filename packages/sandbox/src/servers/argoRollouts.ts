import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { INGRESS_CLASS } from '../real-node/ingress';
import { answers } from './http';
import { componentKubeconfig } from './kubernetes/files';
import { applyManifests, kubectl } from './kubernetes/kubectl';
import { ServerContext, ServerDefinition } from './Server';

const NAMESPACE = 'argo-rollouts';

export const argoRollouts: ServerDefinition = {
  name: 'argo-rollouts',
  title: 'Canary and blue-green',
  programs: ['argo-rollouts', 'kubernetes'],
  needs: ['cluster'],
  async setUp(context) {
    await applyManifests(context, await customResources(context));
    // The conditions of a definition just made may be empty for a moment, which "wait" takes for an error.
    for (const name of [
      'rollouts',
      'analysisruns',
      'analysistemplates',
      'clusteranalysistemplates',
      'experiments',
    ]) {
      await waitEstablished(context, `crd/${name}.argoproj.io`);
    }
  },
  async command(context) {
    const config = await componentKubeconfig(
      context,
      'argo-rollouts.kubeconfig',
      {
        name: 'argo-rollouts',
        organization: 'system:masters',
      },
    );
    return {
      command: context.program('argo-rollouts').binary('rollouts-controller'),
      args: [
        `--kubeconfig=${config}`,
        '--namespaced=false',
        '--leader-elect=false',
        // The ingress here reads the annotations of ingress-nginx's canaries.
        `--nginx-ingress-classes=${INGRESS_CLASS}`,
        `--metricsPort=${context.connection.ports.rolloutsMetrics}`,
        `--healthzPort=${context.connection.ports.rolloutsHealth}`,
        '--loglevel=warn',
      ],
      env: { POD_NAMESPACE: NAMESPACE, ARGO_ROLLOUTS_NAMESPACE: NAMESPACE },
      cwd: context.paths.run(),
    };
  },
  ready: ({ connection }) =>
    answers(`http://127.0.0.1:${connection.ports.rolloutsHealth}/healthz`),
};

async function customResources(context: ServerContext): Promise<string[]> {
  const folder = context.program('argo-rollouts').asset('crds');
  const files = (await readdir(folder)).filter(name =>
    name.endsWith('-crd.yaml'),
  );
  const texts = await Promise.all(
    files.map(file => readFile(join(folder, file), 'utf8')),
  );
  const namespace = stringify({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: NAMESPACE },
  });
  return [namespace, ...texts];
}

async function waitEstablished(context: ServerContext, resource: string) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await kubectl(context, [
        'wait',
        '--for=condition=Established',
        '--timeout=20s',
        resource,
      ]);
      return;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}
