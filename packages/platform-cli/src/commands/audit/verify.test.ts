import {
  ExportPiece,
  namedKey,
  portableCrypto,
  writeExport,
} from '@highroad/plugin-audit-common';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runPlatform } from '../../runPlatform';

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

  it('says what exports are signed with, where the portal does', async () => {
    const publicKey = 'ab'.repeat(32);
    answer = { ...good, publicKey };
    expect((await verify()).stdout).toContain(
      `Exports are signed with ${publicKey}`,
    );
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

  describe('with a file', () => {
    const KEY = 'ab'.repeat(32);
    let folder: string;
    let file: string;

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-verify-'));
      file = join(folder, 'audit.jsonl');
    });
    afterEach(() => rm(folder, { recursive: true }));

    /** An export without records, signed. */
    async function write(): Promise<string> {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const key = publicKey
        .export({ format: 'der', type: 'spki' })
        .subarray(-32)
        .toString('hex');
      const named = namedKey(key, portableCrypto);
      const chain = 'c'.repeat(64);
      let text = '';
      const pieces: ExportPiece[] = [];
      const lines = writeExport(Readable.from(pieces), {
        ...{ chain, start: { seq: 0, hash: chain }, filter: {} },
        ...{ at: '2026-01-01T00:00:00.000Z', keys: [named] },
        sign: signed => ({
          keyId: named.id,
          signature: sign(null, Buffer.from(signed), privateKey).toString(
            'hex',
          ),
        }),
        sha256: portableCrypto.sha256,
      });
      for await (const line of lines) text += line;
      await writeFile(file, text);
      return key;
    }

    it('takes a key in capitals too', async () => {
      const key = (await write()).toUpperCase();
      const { code, stdout } = await verify('--file', file, '--key', key);
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('is as it was written'),
      });
    });

    it('tells a key that did not sign it from records that were changed', async () => {
      await write();
      const { code, stderr } = await verify('--file', file, '--key', KEY);
      expect(code).toBe(1);
      expect(stderr).toContain('not signed with the key that you gave');
      expect(stderr).not.toContain('not as they were written');
    });

    it.each([
      ['no hexadecimal', 'xyz', '64 hexadecimal digits; that are 3'],
      ['cut off', KEY.slice(0, 40), '64 hexadecimal digits; that are 40'],
      ['only its id', KEY.slice(0, 16), 'That is the id of a key'],
    ])('refuses a key that is %s', async (_, key, why) => {
      await write();
      const { code, stderr } = await verify('--file', file, '--key', key);
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--key is no public key.'),
      });
      expect(stderr).toContain(why);
    });

    it.each([
      ['a table', 'seq,id,at\r\n1,x,y\r\n', 2, 'cannot be verified'],
      ['something else', '{"a":1}\n', 2, 'is no export of an audit ledger'],
      ['nothing', '', 2, 'is empty'],
    ])('says that %s is no export', async (_, text, code, words) => {
      await writeFile(file, text);
      const found = await verify('--file', file);
      expect(found).toMatchObject({
        ...{ code, stdout: '', stderr: expect.stringContaining(words) },
      });
      expect(found.stderr).not.toContain('not as they were written');
    });

    it('says that a folder is no file, and that there is none', async () => {
      expect(await verify('--file', folder)).toMatchObject({
        ...{ code: 2, stderr: expect.stringContaining('is no file') },
      });
      expect(await verify('--file', file)).toMatchObject({
        ...{ code: 5, stderr: expect.stringContaining('There is no file') },
      });
    });

    it.each(['--from', '--to'])('is not narrowed by %s', async option => {
      await write();
      expect(await verify('--file', file, option, '1')).toMatchObject({
        ...{ code: 2, stdout: '' },
        stderr: expect.stringContaining('do not go with --file'),
      });
    });
  });

  it('gives programs the whole verdict, and still ends with 1', async () => {
    answer = bad;
    const { code, stdout } = await verify('--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject(bad);
  });
});
