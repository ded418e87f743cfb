import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { ConfigReader } from '@backstage/config';
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from './keys/keyFile';
import { LedgerKeys } from './keys/LedgerKeys';
import { readLedgerSettings } from './LedgerSettings';

const settings = (data: object, nodeEnv = 'development') =>
  readLedgerSettings(new ConfigReader({ ...data }), nodeEnv);

/** The commands of the page that says how to make a key. */
function runbookCommands(): string[] {
  const page = resolvePackagePath(
    '@highroad/plugin-audit-backend',
    '../../docs/runbooks/audit-signing-key.md',
  );
  const blocks = readFileSync(page, 'utf8').matchAll(/```sh\n([^`]*)\n *```/g);
  return [...blocks].map(([, command]) => command.trim());
}

describe('readLedgerSettings', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'highroad-audit-'));
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  const sqlite = () => ({
    backend: {
      database: { client: 'better-sqlite3', connection: { directory } },
    },
  });

  it('makes a key once, beside the databases, that nobody else can read', () => {
    const first = settings(sqlite());
    const file = join(directory, 'audit/signing-key.pem');
    expect(statSync(file).mode % 0o1000).toBe(0o600);
    expect(settings(sqlite()).keys.current).toEqual(first.keys.current);
    expect(first).toMatchObject({
      spoolDirectory: join(directory, 'audit/spool'),
      checkpoints: {
        file: join(directory, 'audit/checkpoints.jsonl'),
        ...{ everyMs: 10_000, everyRecords: 1_000 },
      },
    });
    expect(readFileSync(file, 'utf8')).toContain('PRIVATE KEY');
  });

  it('writes nothing to disk for a database in memory', () => {
    const read = settings({
      backend: {
        database: { client: 'better-sqlite3', connection: ':memory:' },
      },
    });
    expect(read.spoolDirectory).toBeUndefined();
    expect(read.checkpoints.file).toBeUndefined();
  });

  it.each([
    ['production', {}],
    ['development', { auth: { environment: 'production' } }],
  ])('refuses a production start without a key (%s, %j)', (nodeEnv, more) => {
    expect(() => settings({ ...sqlite(), ...more }, nodeEnv)).toThrow(
      /platform\.audit\.signingKey is missing.*openssl.*audit-signing-key/,
    );
    const signingKey = generateKey();
    const audit = { platform: { audit: { signingKey, directory } } };
    expect(
      settings({ ...sqlite(), ...more, ...audit }, nodeEnv).keys.current,
    ).toEqual(LedgerKeys.fromPem(signingKey).current);
  });

  it.each([
    ['production', {}],
    ['development', { auth: { environment: 'production' } }],
  ])(
    'refuses a production start without places for checkpoints and for records that wait (%s, %j)',
    (nodeEnv, more) => {
      const start = (audit: object) =>
        settings(
          {
            ...{ ...sqlite(), ...more },
            platform: { audit: { signingKey: generateKey(), ...audit } },
          },
          nodeEnv,
        );
      for (const audit of [{}, { checkpoints: { log: true } }]) {
        expect(() => start(audit)).toThrow(
          /platform\.audit\.checkpoints\.file is missing.*platform\.audit\.directory.*audit-checkpoints-not-exported/,
        );
      }
      const kept = join(directory, 'kept');
      const checkpoints = { file: join(directory, 'elsewhere.jsonl') };
      expect(() => start({ checkpoints })).toThrow(
        /platform\.audit\.spool\.directory is missing.*platform\.audit\.directory.*audit-cannot-record/,
      );
      expect(start({ directory: kept })).toMatchObject({
        checkpoints: { file: join(kept, 'checkpoints.jsonl') },
        spoolDirectory: join(kept, 'spool'),
      });
      expect(start({ checkpoints, spool: { directory: kept } })).toMatchObject({
        checkpoints,
        spoolDirectory: kept,
      });
    },
  );

  it('refuses what is no key without repeating it', () => {
    const read = () =>
      settings({ platform: { audit: { signingKey: 'hunter2' } } });
    expect(read).toThrow(/platform\.audit\.signingKey is no private Ed25519/);
    expect(read).not.toThrow(/hunter2/);
  });

  it('takes a key whose line breaks are written out, and earlier keys of either half', () => {
    const [now, before, long] = [generateKey(), generateKey(), generateKey()];
    const publicHalf = createPublicKey(long)
      .export({ format: 'pem', type: 'spki' })
      .toString();
    const { keys } = settings({
      platform: {
        audit: {
          signingKey: now.replace(/\n/g, '\\n'),
          previousKeys: [before, publicHalf],
        },
      },
    });
    const marks = [now, before, long, generateKey()].map(pem =>
      LedgerKeys.fromPem(pem).markBody('text'),
    );
    expect(marks.map(mark => keys.checkBody('text', mark))).toEqual([
      ...['valid', 'valid', 'unknown', 'invalid'],
    ]);
    expect(keys.checkBody('other', marks[0])).toBe('invalid');
    expect(keys.checkPlace('text', '', marks[0])).toBe('invalid');
    expect(keys.known).toHaveLength(3);
  });

  it('takes the key that the runbook makes, and knows it by the digits that the runbook prints', () => {
    const run = (command: string) =>
      execFileSync('sh', ['-c', command], { cwd: directory }).toString();
    const [make, print] = runbookCommands();
    run(make);
    const signingKey = readFileSync(join(directory, 'signing-key.pem'), 'utf8');
    const { keys } = settings({ platform: { audit: { signingKey } } });
    expect(run(print)).toBe(keys.current.publicKey);
  });

  it('names a setting that cannot be', () => {
    expect(() =>
      settings({ platform: { audit: { intake: { timeoutSeconds: 0 } } } }),
    ).toThrow(/platform\.audit\.intake\.timeoutSeconds/);
  });
});
