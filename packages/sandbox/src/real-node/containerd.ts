import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOwnFile } from '../machine/files';
import { SandboxPaths } from '../machine/paths';
import { CommandError, run } from '../machine/run';
import { ServerContext, ServerDefinition } from '../servers/Server';
import { removeNotes } from './attachments';
import { endPods } from './cgroups';
import { cniConfig, containerdConfig, registryHosts } from './containerdConfig';
import { holdsNode } from './hold';
import {
  CONTAINERD_NAMESPACE,
  CONTAINERD_SOCKET,
  CONTAINERD_STATE,
  NODE_RUN,
} from './layout';
import { unmountBelow } from './mounts';
import { makePauseImage } from './pauseImage';
import { endShims, isOwnShim, removeShimSockets } from './shims';
import { runOnMachine, toolEnvironment } from './tools';

export const containerd: ServerDefinition = {
  name: 'containerd',
  title: 'Runs containers',
  programs: ['containerd', 'cni', 'network-tools'],
  needs: ['bridge'],
  node: 'real',
  address: () => `unix://${CONTAINERD_SOCKET}`,
  async setUp(context) {
    const { connection, paths } = context;
    const program = context.program('containerd');
    const cni = paths.run('cni');
    const registries = paths.run('registries');
    await writeOwnFile(
      join(cni, '10-highroad.conflist'),
      cniConfig(join(NODE_RUN, 'addresses')),
    );
    await rm(registries, { recursive: true, force: true });
    for (const [name, text] of Object.entries(
      registryHosts(connection.registry),
    )) {
      await writeOwnFile(join(registries, name, 'hosts.toml'), text);
    }
    const root = paths.data('containerd');
    await mkdir(root, { recursive: true, mode: 0o711 });
    await writeOwnFile(
      configFile(paths),
      containerdConfig({
        root,
        registries,
        runc: program.binary('runc'),
        cniPlugins: context.program('cni').asset('bin'),
        cniConfig: cni,
        snapshotter: await snapshotterFor(root),
      }),
    );
    await makePauseImage(paths.data('pause', 'image.tar'));
  },
  command(context) {
    const program = context.program('containerd');
    return {
      command: program.binary('containerd'),
      args: [`--config=${configFile(context.paths)}`, '--log-level=warn'],
      // The plugins that attach pods look for iptables; containerd looks for its shim.
      env: toolEnvironment(context.program('network-tools').asset(''), [
        program.asset('bin'),
      ]),
    };
  },
  async ready(context) {
    return ctr(context, ['version']).then(
      () => true,
      error => {
        if (error instanceof CommandError) return false;
        throw error;
      },
    );
  },
  async configure(context) {
    await ctr(context, [
      ...['images', 'import', '--digests=false'],
      context.paths.data('pause', 'image.tar'),
    ]);
  },
  // A shim keeps its pod running while containerd is started again.
  leaves: isOwnShim,
  async tearDown({ paths }) {
    if (!(await holdsNode(paths.state))) return;
    // After a kill of everything the pods still run.
    await endPods({ withinMs: 5000 });
    await endShims();
    await removeShimSockets();
    await removeNotes();
    await unmountBelow(NODE_RUN, paths.data('containerd'));
    await rm(CONTAINERD_STATE, { recursive: true, force: true });
    await rm(join(NODE_RUN, 'runc'), { recursive: true, force: true });
    await rm(join(NODE_RUN, 'addresses'), { recursive: true, force: true });
    for (const socket of [CONTAINERD_SOCKET, `${CONTAINERD_SOCKET}.ttrpc`]) {
      await rm(socket, { force: true });
    }
  },
};

/** Asks the node's containerd through its own command. */
function ctr(context: ServerContext, args: string[]): Promise<string> {
  return run(context.program('containerd').binary('ctr'), [
    `--address=${CONTAINERD_SOCKET}`,
    `--namespace=${CONTAINERD_NAMESPACE}`,
    ...args,
  ]);
}

function configFile(paths: SandboxPaths): string {
  return paths.run('containerd.toml');
}

/** Layers lie over each other where the file system can do that; else each container gets a copy. */
async function snapshotterFor(root: string): Promise<'overlayfs' | 'native'> {
  const folder = await mkdtemp(join(root, '.try-'));
  const at = (name: string) => join(folder, name);
  try {
    for (const name of ['lower', 'upper', 'work', 'merged']) {
      await mkdir(at(name));
    }
    await runOnMachine('mount', [
      ...['-t', 'overlay', 'overlay', '-o'],
      `lowerdir=${at('lower')},upperdir=${at('upper')},workdir=${at('work')}`,
      at('merged'),
    ]);
    await runOnMachine('umount', [at('merged')]);
    return 'overlayfs';
  } catch (error) {
    if (error instanceof CommandError) return 'native';
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
