import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { captured } from './captured';

export interface Answer {
  /** 200, if left out */
  status?: number;
  body: object | string;
}

/** What a portal, or what is before it, does with a request. */
export type Reply =
  | Answer
  /** By what was sent */
  | ((sent: string) => Answer)
  /** Ends the connection, without an answer or in the middle of one that begins so */
  | { reset: true; after?: string };

/** Answers requests in their turn as a test says, and runs commands against it. */
export async function answeringPortal() {
  const asked: Array<{ what: string; body?: unknown }> = [];
  const answers: Reply[] = [];
  const routes = new Map<string, Answer>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    asked.push({
      what: `${request.method} ${decodeURIComponent(request.url ?? '')}`,
      ...(text && { body: JSON.parse(text) }),
    });
    const route = [...routes].find(([path]) => request.url?.includes(path));
    const reply = route?.[1] ?? answers.shift() ?? refusal(500, 'No more');
    const given = typeof reply === 'function' ? reply(text) : reply;
    if ('reset' in given) {
      if (given.after === undefined) {
        request.socket.resetAndDestroy();
        return;
      }
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write(given.after, () => request.socket.resetAndDestroy());
      return;
    }
    const { status = 200, body } = given;
    const isText = typeof body === 'string';
    response.writeHead(status, {
      'Content-Type': isText ? 'text/html' : 'application/json',
    });
    response.end(isText ? body : JSON.stringify(body));
  });
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  const before = { ...process.env };
  Object.assign(process.env, {
    PLATFORM_URL: `http://127.0.0.1:${port}`,
    PLATFORM_TOKEN: 'token',
  });

  return {
    /** Method, address and body of each request */
    asked,
    /** What is answered next */
    answers,
    /** What is answered always, by a part of the address: for what is asked at the same time */
    routes,
    platform: captured,
    async close() {
      process.env = before;
      server.closeAllConnections();
      await new Promise(done => {
        server.close(done);
      });
    },
  };
}

/** As a backend refuses. */
export function refusal(status: number, message: string): Answer {
  return {
    status,
    body: {
      error: { name: 'Error', message },
      response: { statusCode: status },
    },
  };
}
