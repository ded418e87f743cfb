import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { RotationStore } from '../database/RotationStore';
import { Recorder } from './Recorder';
import { Rotator } from './Rotator';
import { Entry } from './SecretService';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const path = {
  service: 'component:default/cart',
  environment: 'staging',
  key: 'SESSION_KEY',
};
const DAY = 86_400_000;

describe.each(databases.eachSupportedId())('rotating, in %s', (...ids) => {
  const logger = mockServices.logger.mock();
  let now: number;
  let written: Entry[];
  let version: number;
  let before: () => void;
  let after: () => void;
  let rotations: RotationStore;
  let rotator: Rotator;
  const iso = (ms = 0) => new Date(now + ms).toISOString();
  const known = async () => (await rotations.list(path.service, iso()))[0];

  beforeEach(async () => {
    const db = await databases.init(ids[0]);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    now = 1_800_000_000_000;
    written = [];
    version = 1;
    before = () => {};
    after = () => {};
    rotations = new RotationStore(db);
    rotator = new Rotator({
      ...{ logger, rotations },
      now: () => new Date(now),
      recorder: new Recorder({
        auditor: {
          createEvent: async () => ({
            success: async () => {},
            fail: async () => {},
          }),
        },
      }),
      secrets: {
        async set(_service, _environments, entries) {
          before();
          written.push(...entries);
          version += 1;
          after();
          return { changes: [], sync: [], leftOut: [] };
        },
      },
      vault: {
        facts: async () => ({ version, readable: true, versions: [] }),
      },
    });
    await rotations.set(
      path,
      { everyDays: 30, length: 24, alphabet: 'hex' },
      iso(30 * DAY),
    );
  });

  it('replaces a value when it is due, and not before', async () => {
    await rotator.sweep();
    expect(written).toEqual([]);
    now += 30 * DAY;
    await rotator.sweep();
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect(written[0].value.reveal()).toMatch(/^[0-9a-f]{24}$/);
    expect(written[0].ifVersion).toBe(1);
    expect(await known()).toMatchObject({
      ...{ dueAt: iso(30 * DAY), lastAt: iso(), overdue: false },
    });
    now += 30 * DAY;
    await rotator.sweep();
    expect(written[1].value.reveal()).not.toBe(written[0].value.reveal());
  });

  it('keeps the old value where it fails, says so, and tries again', async () => {
    before = () => {
      throw new Error('Vault is sealed.');
    };
    now += 31 * DAY;
    await rotator.sweep();
    expect(written).toEqual([]);
    expect(await known()).toMatchObject({
      ...{ overdue: true, problem: 'Vault is sealed.' },
    });
    expect(logger.error).toHaveBeenCalledWith(
      expect.stringContaining('staging/cart/SESSION_KEY could not be rotated'),
    );
    before = () => {};
    now += 11_000;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect((await known()).problem).toBeUndefined();
  });

  it('makes no second value where a process was gone after it wrote one', async () => {
    after = () => {
      throw new Error('gone');
    };
    now += 30 * DAY;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    after = () => {};
    now += 121_000;
    await rotator.sweep();
    expect(written).toHaveLength(1);
    expect((await known()).overdue).toBe(false);
  });

  it('is one worker’s, and ends when it is ended', async () => {
    now += 30 * DAY;
    const [first, second] = await Promise.all([
      rotations.claim(iso(), iso(120_000)),
      rotations.claim(iso(), iso(120_000)),
    ]);
    expect(first.length + second.length).toBe(1);
    expect(await rotations.end(path)).toBe(true);
    expect(await rotations.end(path)).toBe(false);
    now += DAY;
    await rotator.sweep();
    expect(written).toEqual([]);
  });
});
