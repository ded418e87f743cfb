import { existsSync } from 'node:fs';
import { readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readText, writeOwnFile } from '../machine/files';
import { NODE_RUN } from './layout';

/** Kernel settings that the kubelet, kube-proxy or the network plugin change. */
const SETTINGS = [
  'net/ipv4/ip_forward',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/** Folders that upstream programs make at places of their own choice; the inner before the outer. */
const FOLDERS = [
  '/var/lib/kubelet/device-plugins',
  '/var/lib/kubelet/plugins',
  '/var/lib/kubelet/plugins_registry',
  '/var/lib/kubelet/checkpoints',
  '/var/lib/kubelet',
  '/var/log/containers',
  '/var/log/pods',
  '/run/containerd/s',
  '/run/containerd/runc',
  '/run/containerd',
  '/run/netns',
  '/var/lib/cni/results',
  '/var/lib/cni/cache',
  '/var/lib/cni',
];

const beforeSchema = z.object({
  /** Setting → value */
  settings: z.record(z.string()),
  /** Those of {@link FOLDERS} that were there */
  folders: z.array(z.string()),
  /** Tables of the firewall that were there, such as `ip nat` */
  tables: z.array(z.string()),
});
export type Before = z.infer<typeof beforeSchema>;

const FILE = join(NODE_RUN, 'before.json');

/** How the machine was before the node came; undefined where that was not written down. */
export async function readBefore(): Promise<Before | undefined> {
  const text = await readText(FILE);
  return text === undefined ? undefined : beforeSchema.parse(JSON.parse(text));
}

/** Writes down how the machine is, unless that was done and not yet undone. */
export async function rememberBefore(tables: string[]): Promise<void> {
  if (existsSync(FILE)) return;
  const settings: Record<string, string> = {};
  for (const name of SETTINGS) {
    const value = await readText(join('/proc/sys', name));
    if (value !== undefined) settings[name] = value.trim();
  }
  const before: Before = {
    settings,
    folders: FOLDERS.filter(existsSync),
    tables,
  };
  await writeOwnFile(FILE, JSON.stringify(before));
}

/** Puts kernel settings back, and removes folders that were not there before where nobody has put anything in them. */
export async function restoreBefore(before: Before): Promise<void> {
  for (const [name, value] of Object.entries(before.settings)) {
    const path = join('/proc/sys', name);
    if ((await readFile(path, 'utf8')).trim() !== value) {
      await writeFile(path, value);
    }
  }
  for (const folder of FOLDERS) {
    if (!before.folders.includes(folder)) await removeIfEmpty(folder);
  }
}

async function removeIfEmpty(folder: string) {
  try {
    await rmdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') {
      throw error;
    }
  }
}
