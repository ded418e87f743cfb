import { KubeConfig } from '@kubernetes/client-node';
import { createServer, Server } from 'node:http';
import { z } from 'zod';
import { ClusterClient } from './ClusterClient';

const addressSchema = z.object({ port: z.number() });

/** An API server that hangs up on every second request of a connection. */
describe('a connection that the API server closes as it is used again', () => {
  let server: Server;
  let client: ClusterClient;
  const asked: string[] = [];

  beforeAll(async () => {
    const served = new WeakSet<object>();
    server = createServer((request, response) => {
      asked.push(`${request.method}`);
      if (served.has(request.socket)) {
        request.socket.destroy();
        return;
      }
      served.add(request.socket);
      request.resume();
      response.setHeader('Content-Type', 'application/json');
      response.end(
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Namespace' },
          metadata: { name: 'shop' },
        }),
      );
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const config = new KubeConfig();
    const { port } = addressSchema.parse(server.address());
    config.loadFromClusterAndUser(
      { name: 'test', server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
      { name: 'test' },
    );
    client = new ClusterClient({ config });
  });
  beforeEach(() => {
    asked.length = 0;
  });
  afterAll(async () => {
    client.close();
    await new Promise(resolve => {
      server.close(resolve);
    });
  });

  const namespace = {
    ...{ apiVersion: 'v1', kind: 'Namespace' },
    metadata: { name: 'shop' },
  };
  const reference = { kind: 'Namespace', name: 'shop' } as const;

  it('is replaced by another, for what may be done twice', async () => {
    await client.find(reference);
    await expect(client.find(reference)).resolves.toMatchObject(namespace);
    await expect(
      client.apply(namespace, { manager: 'test' }),
    ).resolves.toMatchObject(namespace);
    expect(asked).toEqual(['GET', 'GET', 'GET', 'PATCH', 'PATCH']);
  });

  it('is an error for what would be made twice', async () => {
    await expect(client.create(namespace, 'test')).rejects.toThrow(
      /socket hang up|ECONNRESET/,
    );
    expect(asked).toEqual(['POST']);
  });
});
