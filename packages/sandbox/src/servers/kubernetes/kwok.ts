import { readFile } from 'node:fs/promises';
import { writeOwnFile } from '../../machine/files';
import { answers } from '../http';
import { ServerContext, ServerDefinition } from '../Server';
import { failingStages, readyUnlessFailing } from './kwokStages';
import { componentKubeconfig } from './files';
import { applyObjects, kubectl } from './kubectl';

const NODE = 'simulated-node';

/** Upstream's definitions of how nodes and pods move on. */
const STAGES = [
  'node/fast/node-initialize.yaml',
  'node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'pod/fast/pod-ready.yaml',
  'pod/fast/pod-complete.yaml',
  'pod/fast/pod-delete.yaml',
  'volume/fast/pv-bind.yaml',
  'volume/fast/pv-delete.yaml',
  'volume/fast/pvc-delete.yaml',
  'volume/fast/pvc-provision.yaml',
];

/** A node that runs nothing: pods become ready, Jobs complete, as far as the API can tell. */
export const kwok: ServerDefinition = {
  name: 'kwok',
  title: 'A simulated node: pods move on, and nothing runs in them',
  programs: ['kwok', 'kubernetes'],
  needs: ['cluster'],
  node: 'simulated',
  async setUp(context) {
    const folder = context.program('kwok').asset('kustomize');
    const stages = await Promise.all(
      STAGES.map(async file => {
        const text = await readFile(`${folder}/stage/${file}`, 'utf8');
        return file.endsWith('/pod-ready.yaml')
          ? readyUnlessFailing(text)
          : text;
      }),
    );
    await writeOwnFile(
      configFile(context),
      [...stages, ...failingStages()].join('\n---\n'),
    );
    // The last run's hold on the node would have to expire first, which takes longer than the start.
    await kubectl(context, [
      'delete',
      'lease',
      NODE,
      '--namespace=kube-node-lease',
      '--ignore-not-found',
    ]);
  },
  async command(context) {
    const config = await componentKubeconfig(context, 'kwok.kubeconfig', {
      name: 'kwok',
      organization: 'system:masters',
    });
    return {
      command: context.program('kwok').binary('kwok'),
      args: [
        `--kubeconfig=${config}`,
        `--config=${configFile(context)}`,
        `--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake`,
        '--node-ip=127.0.0.1',
        '--cidr=10.214.0.0/16',
        `--server-address=127.0.0.1:${context.connection.ports.kwok}`,
        '--node-lease-duration-seconds=40',
      ],
      cwd: context.paths.run(),
      env: { HOME: context.paths.run() },
    };
  },
  ready: ({ connection }) =>
    answers(`http://127.0.0.1:${connection.ports.kwok}/healthz`),
  configure: context =>
    applyObjects(context, [
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: NODE,
          annotations: {
            'kwok.x-k8s.io/node': 'fake',
            'node.alpha.kubernetes.io/ttl': '0',
          },
          labels: {
            'kubernetes.io/hostname': NODE,
            'kubernetes.io/os': 'linux',
            type: 'kwok',
          },
        },
        spec: {},
      },
    ]),
};

function configFile({ paths }: ServerContext): string {
  return paths.run('kwok.yaml');
}
