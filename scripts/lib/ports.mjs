import net from 'node:net';

/** Whether something listens on a port of this machine, on either family of addresses. */
export async function isBusy(port) {
  const tries = await Promise.all(
    ['127.0.0.1', '::1'].map(
      host =>
        new Promise(resolve => {
          const socket = net.connect({ port, host });
          socket.setTimeout(1000);
          const end = answer => {
            socket.destroy();
            resolve(answer);
          };
          // Where nobody listens, a connection can meet itself.
          socket.on('connect', () => end(socket.localPort !== port));
          socket.on('error', () => end(false));
          socket.on('timeout', () => end(false));
        }),
    ),
  );
  return tries.some(Boolean);
}

/** A port that nothing listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
