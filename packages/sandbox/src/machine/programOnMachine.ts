import { PreparedProgram } from '../servers/Server';
import { Pin } from '../upstream/programs';
import { run } from './run';

/** How a binary says its version. */
const VERSION_COMMAND: Record<string, string[]> = {
  etcd: ['--version'],
  'kube-apiserver': ['--version'],
  'kube-controller-manager': ['--version'],
  'kube-scheduler': ['--version'],
  kubelet: ['--version'],
  'kube-proxy': ['--version'],
  kubectl: ['version', '--client'],
  vault: ['version'],
  prometheus: ['--version'],
  promtool: ['--version'],
  'docker-registry': ['--version'],
  coredns: ['-version'],
};

/**
 * A program that the machine has on PATH, where all its binaries are there with the pinned major and minor version.
 * A program that needs folders of its own beside it is never taken from the machine.
 */
export async function programOnMachine(
  pin: Pin,
): Promise<PreparedProgram | undefined> {
  if (pin.kind === 'npm' || (pin.kind === 'go' && pin.assets)) return undefined;
  let found = '';
  for (const binary of Object.keys(pin.binaries)) {
    const version = await versionOf(binary);
    if (!version || minor(version) !== minor(pin.version)) return undefined;
    found = version;
  }
  return {
    name: pin.name,
    version: found,
    source: 'machine',
    binary: name => name,
    asset: name => {
      throw new Error(`${pin.name} has no folder ${name}`);
    },
  };
}

async function versionOf(binary: string): Promise<string | undefined> {
  const args = VERSION_COMMAND[binary];
  if (!args) return undefined;
  const output = await run(binary, args).catch(() => '');
  return /v?(\d+\.\d+\.\d+)/.exec(output)?.[1];
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
