import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { ZodError } from 'zod';
import { BuildRequest, requestIn } from './deliveries';
import { isSigned } from './signature';

export interface BuilderServerOptions {
  port: number;
  webhookSecret: string;
  /** Takes a request in; resolves when it is not lost any more */
  ask: (request: BuildRequest) => Promise<{ id: string }>;
}

/** A push of many commits is told in one delivery. */
const LARGEST_BODY = 10 * 1024 * 1024;

/** Takes the deliveries of Gitea's webhook on loopback. */
export async function startBuilderServer(
  options: BuilderServerOptions,
): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, options).then(
      ({ status, text }) => send(response, status, text),
      error => {
        process.stderr.write(`A delivery: ${error}\n`);
        send(response, 500, 'The delivery could not be taken in; see the log.');
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: '127.0.0.1' }, resolve);
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  { webhookSecret, ask }: BuilderServerOptions,
): Promise<{ status: number; text: string }> {
  const path = request.url?.split('?')[0];
  if (request.method === 'GET' && path === '/healthz')
    return { status: 200, text: 'ok' };
  if (path !== '/hooks/gitea')
    return { status: 404, text: 'Deliveries go to /hooks/gitea.' };
  if (request.method !== 'POST')
    return { status: 405, text: 'Deliveries are POSTed.' };
  const body = await bodyOf(request);
  if (!body) return { status: 413, text: 'The delivery is too large.' };
  const header = (name: string) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  if (!isSigned(body, header('x-gitea-signature'), webhookSecret))
    return { status: 401, text: 'The delivery is not signed with the secret.' };
  let wanted: BuildRequest | undefined;
  try {
    wanted = requestIn(
      header('x-gitea-event') ?? '',
      JSON.parse(body.toString('utf8')),
    );
  } catch (error) {
    if (error instanceof ZodError || error instanceof SyntaxError)
      return { status: 400, text: `Not a delivery of Gitea: ${error.message}` };
    throw error;
  }
  if (!wanted) return { status: 200, text: 'Nothing to build.' };
  const { id } = await ask(wanted);
  return { status: 202, text: id };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // Read to its end, so that the answer is heard, and not kept.
    if (size <= LARGEST_BODY) chunks.push(chunk);
  }
  return size <= LARGEST_BODY ? Buffer.concat(chunks) : undefined;
}

function send(response: ServerResponse, status: number, text: string) {
  response.writeHead(status, { 'Content-Type': 'text/plain' });
  response.end(`${text}\n`);
}
