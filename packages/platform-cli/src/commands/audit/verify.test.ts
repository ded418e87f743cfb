import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { runPlatform } from '../../runPlatform';

jest.setTimeout(30_000);

const MESSAGE =
  'Record 2 (0190a3b0-0000-7000-8000-000000000002 of 2026-01-01T12:00:00.000Z) was changed: it is not what was sealed at this place.';
const good = {
  ...{ ok: true, summary: '3 records (1 to 3) are as they were written.' },
  ...{ checked: 3, checkpoints: 1, from: 1, to: 3, tookMs: 4 },
};
const bad = {
  ...{ ...good, ok: false, summary: MESSAGE, checked: 1, to: 1 },
  problem: { kind: 'changed', seq: 2, message: MESSAGE },
};

describe('platform audit verify', () => {
  const before = { ...process.env };
  let server: Server;
  let answer: object;

  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(answer));
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

  async function verify(...options: string[]) {
    let [stdout, stderr] = ['', ''];
    const spies = [
      jest.spyOn(process.stdout, 'write').mockImplementation(text => {
        stdout += text;
        return true;
      }),
      jest.spyOn(process.stderr, 'write').mockImplementation(text => {
        stderr += text;
        return true;
      }),
    ];
    try {
      const code = await runPlatform(['audit', 'verify', ...options]);
      return { code, stdout, stderr };
    } finally {
      spies.forEach(spy => spy.mockRestore());
    }
  }

  it('says that all is as it was written', async () => {
    answer = good;
    expect(await verify()).toMatchObject({
      ...{ code: 0, stdout: `✔ ${good.summary}\n`, stderr: '' },
    });
  });

  it('does not tick off what is to be looked into', async () => {
    const warning = 'The database lacks checkpoints that a file has.';
    const summary = `${good.summary} ${warning}`;
    answer = { ...good, summary, warnings: [warning] };
    expect(await verify()).toMatchObject({
      ...{ code: 0, stdout: `⚠ ${summary}\n`, stderr: '' },
    });
  });

  it('names the first record that is not, what to do, and ends with 1', async () => {
    answer = bad;
    const { code, stdout, stderr } = await verify();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('The records are not as they were written.');
    expect(stderr).toContain(MESSAGE);
    expect(stderr).toContain('audit-chain-broken');
  });

  it('gives programs the whole verdict, and still ends with 1', async () => {
    answer = bad;
    const { code, stdout } = await verify('--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject(bad);
  });
});
