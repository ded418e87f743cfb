import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Where processes listen for TCP: address and port, an IPv6 address as the kernel writes it. */
export async function listenersOf(pids: number[]): Promise<string[]> {
  const sockets = new Set<string>();
  for (const pid of pids) {
    const folder = `/proc/${pid}/fd`;
    for (const name of await readdir(folder).catch(() => [])) {
      const to = await readlink(join(folder, name)).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(to)?.[1];
      if (inode) sockets.add(inode);
    }
  }
  const found: string[] = [];
  for (const table of ['tcp', 'tcp6']) {
    const text = await readFile(`/proc/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      // https://www.kernel.org/doc/Documentation/networking/proc_net_tcp.txt
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && sockets.has(inode)) found.push(readable(local));
    }
  }
  return found.sort();
}

function readable(local: string): string {
  const [address, port] = local.split(':');
  const bytes = address.match(/../g) ?? [];
  const words =
    bytes.length === 4
      ? bytes
          .reverse()
          .map(byte => parseInt(byte, 16))
          .join('.')
      : address;
  return `${words}:${parseInt(port, 16)}`;
}
