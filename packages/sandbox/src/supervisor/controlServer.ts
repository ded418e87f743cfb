import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { timingSafeEqual } from 'node:crypto';
import { Connection } from '../connection/schema';
import { podTargets, TARGETS_PATH } from '../servers/podTargets';
import { Supervisor } from './Supervisor';

/**
 * The supervisor's own address: on loopback, for holders of the token in the connection file.
 *
 * - `GET /status[?after=REVISION]`: as `sandboxStatusSchema`; waits for a change where `after` is the last one seen
 * - `GET /targets`: the pods that Prometheus scrapes, in the form of its HTTP service discovery
 * - `POST /stop`: answers when all servers have ended
 */
export async function startControlServer(options: {
  supervisor: Supervisor;
  connection: Connection;
  onStopped: (error?: Error) => void;
}): Promise<Server> {
  const { supervisor, connection, onStopped } = options;
  const { supervisorToken: token, ports } = connection;
  const server = createServer((request, response) => {
    handle(request, response).catch(error =>
      answer(response, 500, { error: String(error) }),
    );
  });

  async function handle(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (!isAllowed(request.headers.authorization, token)) {
      answer(response, 401, {
        error: 'The token of connection.json is needed.',
      });
      return;
    }
    if (request.method === 'GET' && url.pathname === '/status') {
      const after = url.searchParams.get('after');
      answer(
        response,
        200,
        await supervisor.status(after === null ? undefined : Number(after)),
      );
      return;
    }
    if (request.method === 'GET' && url.pathname === TARGETS_PATH) {
      answer(response, 200, await podTargets(connection));
      return;
    }
    if (request.method === 'POST' && url.pathname === '/stop') {
      let failure: Error | undefined;
      try {
        await supervisor.stop();
        answer(response, 200, { state: 'stopped' });
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        answer(response, 500, { error: failure.message });
      }
      onStopped(failure);
      return;
    }
    answer(response, 404, {
      error: `There is no ${request.method} ${url.pathname}.`,
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(ports.supervisor, '127.0.0.1', () => resolve());
  });
  return server;
}

function isAllowed(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function answer(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
