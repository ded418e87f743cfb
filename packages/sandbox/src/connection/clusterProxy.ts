import { timingSafeEqual } from 'node:crypto';
import {
  createServer,
  IncomingMessage,
  request as requestHttp,
  ServerResponse,
} from 'node:http';
import { request as requestHttps, RequestOptions } from 'node:https';
import { AddressInfo } from 'node:net';

/**
 * An address on loopback that leads to a cluster: holders of its token get what a kubeconfig allows, whatever way of
 * signing in that has, and the kubeconfig's own credentials are written nowhere.
 *
 * @param options.server - address of the cluster's API
 * @param options.authorize - adds to a request what the cluster wants to see
 */
export async function startClusterProxy(options: {
  server: string;
  token: string;
  authorize: (request: RequestOptions) => Promise<void>;
}): Promise<{ address: string; close: () => Promise<void> }> {
  const { token } = options;
  const proxy = createServer((incoming, response) => {
    if (!isAllowed(incoming.headers.authorization, token)) {
      refuse(
        response,
        401,
        'The token of the portal’s configuration is needed.',
      );
      return;
    }
    forward(incoming, response, options).catch(error =>
      refuse(response, 502, `The cluster does not answer: ${error.message}`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    proxy.once('error', reject);
    proxy.listen(0, '127.0.0.1', () => resolve());
  });
  const { port } = proxy.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise(resolve => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      }),
  };
}

/** Headers that are between two neighbours only (RFC 9110, 7.6.1), and those that are replaced. */
const OWN_HEADERS = [
  'authorization',
  'connection',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

async function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: Parameters<typeof startClusterProxy>[0],
): Promise<void> {
  const server = new URL(options.server);
  const base = server.pathname.replace(/\/$/, '');
  const outgoing: RequestOptions = {
    protocol: server.protocol,
    hostname: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port,
    path: `${base}${incoming.url ?? '/'}`,
    method: incoming.method,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).filter(
        ([name]) => !OWN_HEADERS.includes(name),
      ),
    ),
  };
  await options.authorize(outgoing);
  const send = server.protocol === 'https:' ? requestHttps : requestHttp;
  await new Promise<void>((resolve, reject) => {
    const request = send(outgoing, answer => {
      const headers = Object.entries(answer.headers).filter(
        ([name]) => !OWN_HEADERS.includes(name),
      );
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(headers));
      answer.pipe(response);
      answer.once('end', resolve);
      answer.once('error', reject);
    });
    request.once('error', reject);
    response.once('close', () => request.destroy());
    incoming.pipe(request);
  });
}

function isAllowed(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** In the shape in which Kubernetes says why not. */
function refuse(response: ServerResponse, code: number, message: string) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(code, { 'Content-Type': 'application/json' });
  response.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message,
      code,
    }),
  );
}
