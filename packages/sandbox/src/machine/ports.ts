import { createServer } from 'node:net';

/** Whether nobody listens there on this machine. */
export function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** The first free port from a preferred one on, leaving out those that are taken already in this list. */
export async function freePortFrom(
  preferred: number,
  taken: Set<number>,
): Promise<number> {
  for (let port = preferred; port < preferred + 400; port += 1) {
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port);
      return port;
    }
  }
  throw new Error(`No free port from ${preferred} to ${preferred + 400}`);
}
