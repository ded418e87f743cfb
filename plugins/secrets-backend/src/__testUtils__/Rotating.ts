import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  mockServices,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { SecretValue } from '@highroad/plugin-platform-common';
import { Rotation, RotationRule } from '@highroad/plugin-secrets-common';
import { SecretGenerator } from '@highroad/plugin-secrets-node';
import { RotationStore, Unfinished } from '../database/RotationStore';
import { Authorship, Maker } from '../database/VersionStore';
import { Recorder } from '../service/Recorder';
import { Generators } from '../service/rotation/Generators';
import { randomGenerator } from '../service/rotation/randomGenerator';
import { Rotator } from '../service/rotation/Rotator';
import { Entry } from '../service/SecretService';

export const path = {
  service: 'component:default/cart',
  environment: 'staging',
  key: 'SESSION_KEY',
};
export const ann = { actor: 'user:default/ann' };
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const rule: RotationRule = {
  everyDays: 30,
  timeZone: 'UTC',
  generator: 'random',
  settings: { length: 24, alphabet: 'hex' },
  overlapHours: 24,
};

/** A rotator of one key, whose value is in memory, with what it does to it and whom it tells. */
export class Rotating {
  readonly logger = mockServices.logger.mock();
  now = 1_800_000_000_000;
  written: Entry[] = [];
  version = 1;
  readable = true;
  there = true;
  authors: Authorship[] = [];
  makers: Maker[] = [];
  told: string[] = [];
  retired: string[] = [];
  recorded: string[] = [];
  /** What still uses the value before */
  behind: string | undefined;
  /** Right before a value is written, and right after */
  before = () => {};
  after = () => {};
  /** In the generator */
  retire = () => {};
  over = (): string | undefined => undefined;
  confirm = () => {};
  readonly rotations: RotationStore;
  readonly rotator: Rotator;
  readonly generators = new Generators();
  /** Values `turn-1`, `turn-2` …, of which the one before goes on working. */
  readonly #turns: SecretGenerator = {
    accept: settings => settings,
    make: async () => new SecretValue(`turn-${this.version}`),
    retire: async ({ current, before: replaced }) => {
      this.retire();
      this.retired.push(
        current ? `all but ${current.reveal()}` : `${replaced?.reveal()}`,
      );
    },
    whyOver: async () => this.over(),
    confirm: async () => this.confirm(),
  };
  /** Fails with a value in its words. */
  readonly #talks: SecretGenerator = {
    accept: settings => settings,
    make: async ({ current }) => {
      throw new Error(
        `"${current?.reveal()}" was refused by https://cart:pw-4711@api.test/`,
      );
    },
  };

  /** The key is replaced by the rule then. */
  static async begin(
    databases: TestDatabases,
    id: TestDatabaseId,
  ): Promise<Rotating> {
    const db = await databases.init(id);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    const rotating = new Rotating(new RotationStore(db));
    await rotating.use({});
    return rotating;
  }

  private constructor(rotations: RotationStore) {
    const { generators, logger } = this;
    this.rotations = rotations;
    generators.addGenerator('random', randomGenerator);
    generators.addGenerator('turns', this.#turns);
    generators.addGenerator('talks', this.#talks);
    this.rotator = new Rotator({
      ...{ generators, logger, rotations },
      now: () => new Date(this.now),
      alerts: {
        failed: async ({ key }, problem) => {
          this.told.push(`${key}: ${problem}`);
        },
        due: async ({ key }, from) => {
          this.told.push(`${key} from ${from.toISOString()}`);
        },
        left: async ({ key }, problem) => {
          this.told.push(`${key} is left: ${problem}`);
        },
      },
      followers: { behind: async () => this.behind },
      isThere: async () => this.there,
      recorder: new Recorder({
        auditor: {
          createEvent: async ({ eventId }) => {
            this.recorded.push(eventId);
            return { success: async () => {}, fail: async () => {} };
          },
        },
      }),
      secrets: {
        bring: async () => [],
        set: async (_service, _environments, entries, by) => {
          const { actor, how, maker } = by;
          this.before();
          this.written.push(...entries);
          this.version += 1;
          this.after();
          const { version } = this;
          this.authors.push({
            ...{ key: path.key, version, actor, how, at: this.iso() },
          });
          if (maker) this.makers.push(maker);
          return { changes: [], sync: [], leftOut: [] };
        },
      },
      vault: {
        facts: async () => ({
          ...{ version: this.version, readable: this.readable },
          versions: Array.from({ length: this.version }, (_, at) => ({
            ...{ version: at + 1, at: this.iso() },
            state:
              at + 1 < this.version || this.readable ? 'readable' : 'deleted',
          })),
        }),
        read: async (_, __, wanted = this.version) => ({
          value: this.written[wanted - 2]?.value ?? new SecretValue('first'),
          ...{ encoding: 'text', version: wanted },
        }),
      },
      versions: {
        author: async ({ key }, which) =>
          this.authors.find(
            one => one.key === key && one.version === which?.version,
          ),
        makers: async () => this.makers,
      },
    });
  }

  /**
   * Somebody sets another value by hand.
   *
   * @param by.version - the next one, if left out
   * @param by.value - kept where it matters
   */
  somebodySets(
    by: { version?: number; value?: string; actor?: string } = {},
  ): void {
    const { version = this.version + 1, value, actor = 'jo' } = by;
    this.version = version;
    this.authors.push({
      ...{ key: path.key, version, actor, how: 'set', at: this.iso() },
    });
    if (value === undefined) return;
    this.written.push({
      ...{ key: path.key, value: new SecretValue(value), encoding: 'text' },
    });
  }

  iso(ms = 0): string {
    return new Date(this.now + ms).toISOString();
  }

  /** The rule by which it is replaced, and how that goes. */
  async known(): Promise<Rotation> {
    return (await this.rotations.list(path.service, this.iso()))[0];
  }

  /** Has the key be replaced by another rule. */
  async use(
    change: Partial<RotationRule>,
    dueAt = this.iso(30 * DAY),
    dueAfter: (endsAt: string) => string = () => dueAt,
  ): Promise<Unfinished | undefined> {
    return this.rotations.set(
      path,
      { ...rule, ...change },
      {
        ...{ now: this.iso(), dueAt, dueAfter, newest: this.version },
        ends: name => this.generators.ends(name),
      },
    );
  }
}
