import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { runPlatform } from '../runPlatform';

export interface Answer {
  /** 200, if left out */
  status?: number;
  body: object;
}

/** Answers requests in their turn as a test says, and runs commands against it. */
export async function answeringPortal() {
  const asked: Array<{ what: string; body?: unknown }> = [];
  const answers: Answer[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    asked.push({
      what: `${request.method} ${decodeURIComponent(request.url ?? '')}`,
      ...(text && { body: JSON.parse(text) }),
    });
    const { status = 200, body } = answers.shift() ?? refusal(500, 'No more');
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
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

  /** What a command line printed, and how it ended. */
  async function platform(...argv: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const spies = [
      jest.spyOn(process.stdout, 'write').mockImplementation(text => {
        out.push(String(text));
        return true;
      }),
      jest.spyOn(process.stderr, 'write').mockImplementation(text => {
        err.push(String(text));
        return true;
      }),
    ];
    try {
      const code = await runPlatform(argv);
      return { code, stdout: out.join(''), stderr: err.join('') };
    } finally {
      spies.forEach(spy => spy.mockRestore());
    }
  }

  return {
    /** Method, address and body of each request */
    asked,
    /** What is answered next */
    answers,
    platform,
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
