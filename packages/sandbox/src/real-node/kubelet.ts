import { mkdir, readdir, readlink, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { issue } from '../connection/certificates';
import { authorityOf, BRIDGE_ADDRESS } from '../connection/settle';
import { writeOwnFile } from '../machine/files';
import { SandboxPaths } from '../machine/paths';
import { answers } from '../servers/http';
import {
  authorityFile,
  certificateFiles,
  componentKubeconfig,
} from '../servers/kubernetes/files';
import { kubectl } from '../servers/kubernetes/kubectl';
import { ServerContext, ServerDefinition } from '../servers/Server';
import { readBefore } from './before';
import { endPods, makeCgroup, removeCgroup } from './cgroups';
import { holdsNode } from './hold';
import { kubeletConfig } from './kubeletConfig';
import { kubeletRoot, NODE_NAME, podLogs } from './layout';
import { unmountBelow } from './mounts';
import { toolEnvironment } from './tools';

/** The kubelet puts links to logs here, whatever it is configured to. */
const LOG_LINKS = '/var/log/containers';

/** And its socket for plugins here. */
const DEVICE_PLUGINS = '/var/lib/kubelet/device-plugins';

/**
 * The node itself. When the sandbox stops, pods end as when a machine is shut down: what is declared in the cluster
 * stays, and comes up again with the next start.
 */
export const kubelet: ServerDefinition = {
  name: 'kubelet',
  title: 'A real node: pods run on this machine',
  programs: ['kubernetes', 'network-tools'],
  needs: ['containerd', 'cluster'],
  node: 'real',
  address: ({ ports }) => `https://${BRIDGE_ADDRESS}:${ports.kubelet}`,
  async setUp({ paths }) {
    await mkdir(kubeletRoot(paths), { recursive: true, mode: 0o711 });
    await mkdir(podLogs(paths), { recursive: true, mode: 0o711 });
    await makeCgroup();
  },
  async command(context) {
    const { connection, paths } = context;
    const config = configFile(paths);
    const serving = await certificateFiles(
      context,
      'kubelet',
      await issue(await authorityOf(paths), {
        name: NODE_NAME,
        hosts: [NODE_NAME, BRIDGE_ADDRESS],
      }),
    );
    await writeOwnFile(
      config,
      stringify(
        kubeletConfig(connection, {
          ...serving,
          authority: await authorityFile(context),
          podLogs: podLogs(paths),
          volumePlugins: paths.data('kubelet', 'volume-plugins'),
        }),
      ),
    );
    const identity = await componentKubeconfig(context, 'kubelet.kubeconfig', {
      name: `system:node:${NODE_NAME}`,
      organization: 'system:nodes',
    });
    return {
      command: context.program('kubernetes').binary('kubelet'),
      args: [
        `--config=${config}`,
        `--kubeconfig=${identity}`,
        `--root-dir=${kubeletRoot(paths)}`,
        `--cert-dir=${paths.run('kubelet-pki')}`,
        `--hostname-override=${NODE_NAME}`,
        `--node-ip=${BRIDGE_ADDRESS}`,
        '--v=1',
      ],
      env: toolEnvironment(context.program('network-tools').asset('')),
    };
  },
  ready: async context =>
    (await answers(
      `http://127.0.0.1:${context.connection.ports.kubeletHealth}/healthz`,
    )) && nodeIsReady(context),
  readyWithinSeconds: 120,
  async tearDown({ paths }) {
    if (!(await holdsNode(paths.state))) return;
    await endPods({ withinMs: 15_000 });
    await unmountBelow(kubeletRoot(paths));
    await removeCgroup();
    await removeLogLinks(paths);
    if (!(await readBefore())?.folders.includes(DEVICE_PLUGINS)) {
      await rm(DEVICE_PLUGINS, { recursive: true, force: true });
    }
  },
};

/** Whether this kubelet has said that its node is ready. What the one before it said stands there as well. */
async function nodeIsReady(context: ServerContext): Promise<boolean> {
  const text = await kubectl(context, [
    ...['get', 'node', NODE_NAME, '--ignore-not-found'],
    '--output=jsonpath={range .status.conditions[?(@.type=="Ready")]}{.status} {.lastHeartbeatTime}{end}',
  ]);
  const [status, saidAt] = text.trim().split(' ');
  const { mtimeMs } = await stat(configFile(context.paths));
  // The API keeps whole seconds.
  const startedAt = Math.floor(mtimeMs / 1000) * 1000;
  return status === 'True' && Date.parse(saidAt) >= startedAt;
}

/** Written each time right before the start. */
function configFile(paths: SandboxPaths): string {
  return paths.run('kubelet.yaml');
}

async function removeLogLinks(paths: SandboxPaths) {
  const names = await readdir(LOG_LINKS).catch(error => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const link = join(LOG_LINKS, name);
    const target = await readlink(link).catch(() => '');
    if (target.startsWith(`${podLogs(paths)}/`))
      await rm(link, { force: true });
  }
}
