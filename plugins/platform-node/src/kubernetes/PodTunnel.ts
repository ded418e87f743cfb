import { KubeConfig, PortForward } from '@kubernetes/client-node';
import { createServer, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { z } from 'zod';

/** The channel of what goes to a port and comes from it, of one connection with several. */
const DATA = 0;

const addressSchema = z.object({ port: z.number() });

/** A port of a pod, as one of this machine that nobody else reaches. */
export interface PodTunnel {
  host: string;
  port: number;
  /** What the cluster last said against it */
  trouble(): string | undefined;
  close(): Promise<void>;
}

/**
 * Leads connections to a pod through the API server, as `kubectl port-forward` does: the platform need not be in the
 * cluster's network, and no policy of it has to let it in.
 */
export async function openTunnel(
  config: KubeConfig,
  pod: { namespace: string; name: string },
  podPort: number,
): Promise<PodTunnel> {
  const open = new Set<Socket>();
  let trouble: string | undefined;
  const failed = (error: unknown) => {
    trouble = error instanceof Error ? error.message : String(error);
  };
  const server = createServer({ pauseOnConnect: true }, socket => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // Whoever connected sees it end; why is told beside.
    socket.on('error', failed);
    carry(config, pod, podPort, socket, failed).catch(error => {
      failed(error);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = addressSchema.parse(server.address());
  return {
    ...{ host: '127.0.0.1', port },
    trouble: () => trouble,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()));
      });
    },
  };
}

async function carry(
  config: KubeConfig,
  pod: { namespace: string; name: string },
  podPort: number,
  socket: Socket,
  failed: (error: unknown) => void,
): Promise<void> {
  const trouble = new PassThrough();
  trouble.on('data', text => {
    failed(String(text));
    socket.destroy();
  });
  const remote = await new PortForward(config).portForward(
    pod.namespace,
    pod.name,
    [podPort],
    socket,
    trouble,
    // What goes there is sent below, as much as is taken over.
    new PassThrough(),
  );
  if (typeof remote === 'function') {
    throw new TypeError('A tunnel is not connected anew.');
  }
  remote.onerror = ({ message }) => failed(message);
  remote.onclose = () => socket.destroy();
  socket.once('close', () => remote.close());
  if (socket.destroyed) remote.close();
  socket.on('data', bytes => {
    // No more is taken than the API server has taken over: a seed is larger than what should wait here.
    socket.pause();
    remote.send(Buffer.concat([Buffer.of(DATA), bytes]), error => {
      if (error) failed(error);
      socket.resume();
    });
  });
  socket.resume();
}
