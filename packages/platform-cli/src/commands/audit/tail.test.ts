import { LedgerRecord } from '@highroad/plugin-audit-common';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { captured } from '../../__testUtils__/captured';

const record = (seq: number): LedgerRecord => ({
  ...{ v: 1, id: `0190a3b0-0000-7000-8000-00000000000${seq}`, seq },
  hash: String(seq).repeat(64),
  ...{ plugin: 'deployments', event: 'deploy', severity: 'medium' },
  ...{ at: '2026-01-01T12:00:00.000Z', phase: 'outcome', door: 'api' },
  ...{ actor: { kind: 'service', ref: 'ci-cart' }, outcome: 'succeeded' },
});

const failure = (statusCode: number) => ({
  error: { name: 'Error', message: 'The database is away' },
  response: { statusCode },
});

describe('platform audit tail', () => {
  const before = { ...process.env };
  let server: Server;
  let asked: (string | null)[];
  let answers: { status: number; body?: object }[];

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      asked.push(url.searchParams.get('after'));
      const answer = answers.shift();
      // What is not answered waits, as it does when nothing happens.
      if (!answer) return;
      const { status, body = failure(answer.status) } = answer;
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, {
      PLATFORM_URL: `http://127.0.0.1:${port}`,
      PLATFORM_TOKEN: 'token',
    });
  });
  afterEach(async () => {
    process.env = { ...before };
    server.closeAllConnections();
    await new Promise(done => {
      server.close(done);
    });
  });

  async function tail() {
    const { code, stdout, stderr } = await captured('audit', 'tail', '--json');
    const lines = stdout.split('\n').filter(Boolean);
    const seen = lines.map(line => (JSON.parse(line) as LedgerRecord).seq);
    return { code, seen, stderr };
  }

  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise(done => setTimeout(done, 20));
  };

  it('says what is wrong, asks again from where it was, and ends by Ctrl-C', async () => {
    answers = [
      { status: 200, body: { items: [], next: 6 } },
      { status: 200, body: { items: [record(7)], next: 7 } },
      { status: 503 },
      { status: 500 },
      { status: 200, body: { items: [record(8)], next: 8 } },
    ];
    const running = tail();
    await until(() => asked.length === 6);
    process.emit('SIGINT');
    const { code, seen, stderr } = await running;
    expect({ code, seen, asked }).toEqual({
      code: 0,
      seen: [7, 8],
      asked: [null, '6', '7', '7', '7', '8'],
    });
    expect(stderr).toMatch(
      /The portal cannot answer now\. The database is away\. Asking again in 1 s\.\nThe database is away\. Asking again in 2 s\.\nThe portal answers again/,
    );
  });

  it('says once that records at the end of the chain are missing', async () => {
    const message = 'Record 7 and all that follow up to 9 are missing.';
    const cut = { kind: 'cut tail', message };
    answers = [
      { status: 200, body: { items: [], next: 9 } },
      { status: 200, body: { items: [], next: 9, cut } },
      { status: 200, body: { items: [], next: 9, cut } },
    ];
    const running = tail();
    await until(() => asked.length === 4);
    process.emit('SIGINT');
    const { code, stderr } = await running;
    expect(code).toBe(0);
    expect(stderr.split(`⚠ Records may be missing. ${message}`)).toHaveLength(
      2,
    );
    expect(stderr).toContain('audit-chain-broken.md');
  });

  it('ends by Ctrl-C while it waits to ask again', async () => {
    answers = [
      { status: 200, body: { items: [], next: 6 } },
      { status: 503 },
      { status: 503 },
      { status: 503 },
    ];
    const running = tail();
    await until(() => asked.length === 4);
    const at = Date.now();
    process.emit('SIGINT');
    expect((await running).code).toBe(0);
    expect(Date.now() - at).toBeLessThan(2_000);
  });

  it.each([401, 403])('ends when it is refused with %d', async status => {
    answers = [
      { status: 200, body: { items: [], next: 6 } },
      { status: 503 },
      { status },
    ];
    const { code, stderr } = await tail();
    expect({ code, asked }).toEqual({ code: 3, asked: [null, '6', '6'] });
    expect(stderr).toContain('✖');
  });

  it('ends when it cannot even begin', async () => {
    answers = [{ status: 503 }];
    expect((await tail()).code).toBe(6);
  });
});
