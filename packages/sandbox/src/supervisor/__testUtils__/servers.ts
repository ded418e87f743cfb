import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '../../connection/schema';
import { PACKAGE, SandboxPaths } from '../../machine/paths';
import { answers } from '../../servers/http';
import { ServerDefinition } from '../../servers/Server';

/** Shared by all suites, so that those which run at the same time get different ports. */
export const TEST_CACHE = join(
  PACKAGE,
  '../../node_modules/.cache/highroad-sandbox-tests',
);

/** A server of Node's own, which answers on a port of the connection. */
export function server(
  name: string,
  port: (connection: Connection) => number,
  more: Partial<ServerDefinition> = {},
): ServerDefinition {
  return {
    name,
    title: `The server ${name}`,
    programs: [],
    needs: [],
    command: ({ connection }) => ({
      command: process.execPath,
      args: [
        '-e',
        `require('http').createServer((q, s) => s.end('${name}')).listen(${port(
          connection,
        )}, '127.0.0.1')`,
      ],
    }),
    ready: ({ connection }) => answers(`http://127.0.0.1:${port(connection)}/`),
    ...more,
  };
}

/** Every process of a sandbox carries its folder in its environment. */
export async function processesOf({ state }: SandboxPaths): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(
      () => '',
    );
    if (environment.includes(`HIGHROAD_SANDBOX=${state}\0`))
      found.push(Number(name));
  }
  return found;
}
