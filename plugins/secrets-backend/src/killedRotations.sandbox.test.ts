import { TestSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { describeKilled } from './__testUtils__/describeKilled';
import { MortalPlace } from './__testUtils__/MortalPlace';
import { PortalProcess } from './__testUtils__/PortalProcess';
import { until } from './__testUtils__/SandboxWorld';
import { ofSecret, SecretTrial } from './__testUtils__/secretTrial';

jest.setTimeout(60 * 60_000);

const VALUE_WRITTEN = /^(POST|PUT) .*\/data\/staging\//;

/** Credentials of services on the sandbox's PostgreSQL, each first as somebody else made them. */
class Credentials {
  readonly #sandbox: TestSandbox;
  readonly #firsts = new Map<string, string>();

  constructor(sandbox: TestSandbox) {
    this.#sandbox = sandbox;
  }

  get #url(): string {
    return this.#sandbox.connection.postgres.url;
  }

  async #asAdmin(...statements: string[]) {
    const client = new Client({ connectionString: this.#url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }

  /** @returns the first address of a service */
  first({ name }: MortalPlace): string {
    return this.#firsts.get(name) ?? '';
  }

  /** Has the key of a place be such, replaced every so often. */
  readonly prepare = (portal: PortalProcess, place: MortalPlace) =>
    this.prepareWith(portal, place, {});

  /** @param rule - besides how often */
  async prepareWith(
    portal: PortalProcess,
    place: MortalPlace,
    rule: { overlapHours?: number },
  ): Promise<void> {
    const { at, name } = place;
    const role = `killed_${randomBytes(4).toString('hex')}`;
    const address = new URL(this.#url);
    address.username = role;
    address.password = 'first';
    address.pathname = `/${role}`;
    this.#firsts.set(name, address.toString());
    await this.#asAdmin(
      `CREATE ROLE "${role}" LOGIN PASSWORD 'first'`,
      `CREATE DATABASE "${role}" OWNER "${role}"`,
      `COMMENT ON ROLE "${role}" IS 'highroad environment staging ${at.service}'`,
    );
    await portal.call('set', { ...at, value: address.toString() });
    await portal.call('setRotation', {
      ...{ ...at, ...rule, everyDays: 30, generator: 'postgres' },
    });
  }

  /** @throws Error where nobody is let in by them */
  async logIn(address: string | undefined): Promise<void> {
    const client = new Client({ connectionString: address });
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
  }

  /** What the Secret holds lets in, as long as it holds that. */
  async heldLetsIn(place: MortalPlace): Promise<void> {
    const held = await place.held();
    await this.logIn(held).catch(async error => {
      if ((await place.held()) === held) throw error;
    });
  }

  async cleanUp(): Promise<void> {
    for (const address of this.#firsts.values()) {
      const role = new URL(address).username;
      await this.#asAdmin(
        `DROP DATABASE IF EXISTS "${role}" WITH (FORCE)`,
        ...[`${role}_a`, `${role}_b`, role].map(
          one => `DROP ROLE IF EXISTS "${one}"`,
        ),
      );
    }
  }
}

/** Has the time come for something, once for each place, and waits until it is done. */
function whenTimeComes(of: 'due_at' | 'retire_at') {
  const come = new Set<MortalPlace>();
  return async (portal: PortalProcess, place: MortalPlace) => {
    if (!come.has(place)) await place.letTimeCome(of);
    come.add(place);
    await until(async () => {
      if (portal.isDead) throw new Error('It is dead.');
      return place.isRotated(of);
    });
  };
}

/** Has it replaced, as soon as whoever was at it before is known to be gone. */
async function rotate(portal: PortalProcess, { at }: MortalPlace) {
  await until(async () => {
    try {
      await portal.call('rotate', at);
      return true;
    } catch (error) {
      const isHeld = /is being replaced at this moment/.test(String(error));
      if (!isHeld || portal.isDead) throw error;
      return false;
    }
  }, 30_000);
}

describeKilled(
  'a backend that is killed at any call of a rotation',
  ['postgres'],
  (kill, sandbox) => {
    const sweep = (trial: SecretTrial) => kill(ofSecret(trial));
    const credentials = new Credentials(sandbox);
    afterAll(() => credentials.cleanUp(), 60_000);
    const plan = async (portal: PortalProcess, { at }: MortalPlace) => {
      await portal.call('set', { ...at, value: 'first' });
      await portal.call('setRotation', { ...at, everyDays: 30 });
    };

    it('while it replaces a value by one that nobody knows leaves that in Vault and in the cluster', () =>
      sweep({
        ...{ event: 'rotate', effect: VALUE_WRITTEN, about: 15 },
        prepare: plan,
        change: rotate,
        check({ value, versions }) {
          expect(value).not.toBe('first');
          // What was written and finished may be replaced once more; it is never written twice.
          expect(versions).toBeGreaterThanOrEqual(2);
          expect(versions).toBeLessThanOrEqual(3);
        },
      }));

    it('while it replaces credentials of PostgreSQL leaves such as log in, and locks nobody out', () =>
      sweep({
        ...{ event: 'rotate', effect: VALUE_WRITTEN, about: 15 },
        prepare: credentials.prepare,
        change: rotate,
        doneAlready: /was replaced a short while ago/,
        async check({ place, value, versions }) {
          expect(versions).toBe(2);
          expect(new URL(value ?? '').username).toMatch(/_a$/);
          await credentials.logIn(await place.held());
          // Programs that were not replaced yet go on.
          await credentials.logIn(credentials.first(place));
        },
      }));

    it('while it replaces a value because that is due leaves it replaced once, with one restart', () =>
      sweep({
        ...{ event: 'rotate', effect: VALUE_WRITTEN, about: 15 },
        prepare: plan,
        change: whenTimeComes('due_at'),
        check({ value, versions, restarts }) {
          expect(value).not.toBe('first');
          expect({ versions, restarts }).toEqual({ versions: 2, restarts: 1 });
        },
      }));

    it('while it replaces credentials because that is due leaves them replaced once, and locks nobody out', () =>
      sweep({
        ...{ event: 'rotate', effect: VALUE_WRITTEN, about: 15 },
        prepare: credentials.prepare,
        change: whenTimeComes('due_at'),
        async check({ place, value, versions }) {
          expect(versions).toBe(2);
          expect(new URL(value ?? '').username).toMatch(/_a$/);
          await credentials.logIn(await place.held());
          await credentials.logIn(credentials.first(place));
        },
      }));

    it('while it replaces credentials that are to end at once ends none that the Secret has', () => {
      /** Where somebody still had it, it is looked again after a minute. */
      const ended = (place: MortalPlace) =>
        until(async () => {
          await credentials.heldLetsIn(place);
          return place.isRotated('retire_at');
        }, 150_000);
      return sweep({
        ...{ event: 'rotate', effect: VALUE_WRITTEN, about: 15 },
        async prepare(portal, place) {
          // Whoever still runs keeps those before from being ended: here nobody does.
          await place.kubectl([
            ...['scale', 'deployment', place.name, '--replicas=0'],
          ]);
          await credentials.prepareWith(portal, place, { overlapHours: 0 });
        },
        change: rotate,
        atOnce: (_, place) => ended(place),
        doneAlready: /was replaced a short while ago/,
        async check({ place, value }) {
          await ended(place);
          await credentials.logIn(value);
          await expect(
            credentials.logIn(credentials.first(place)),
          ).rejects.toThrow(/not permitted to log in/);
        },
      });
    });

    describe('of which the credentials before still work,', () => {
      /** Nobody uses those before, so that they end when their time is over. */
      const prepare = async (portal: PortalProcess, place: MortalPlace) => {
        await place.kubectl([
          ...['scale', 'deployment', place.name, '--replicas=0'],
        ]);
        await credentials.prepare(portal, place);
        await portal.call('rotate', place.at);
      };
      const rules = async (portal: PortalProcess, { at }: MortalPlace) => {
        const { items } = await portal.call('rotations', {
          service: at.service,
        });
        return items;
      };
      const onlyNewestLogsIn = async (place: MortalPlace, value = '') => {
        expect(await place.versions()).toBe(2);
        expect(new URL(value).username).toMatch(/_a$/);
        await credentials.logIn(await place.held());
        await expect(
          credentials.logIn(credentials.first(place)),
        ).rejects.toThrow(/not permitted to log in/);
      };

      it('while it is given a rule by which these end at once leaves that rule, and no others than the newest', () =>
        sweep({
          ...{ event: 'set-rotation', effect: /^SQL DO/, about: 8, prepare },
          async change(portal, place) {
            await portal.call('setRotation', {
              ...{ ...place.at, everyDays: 7, generator: 'postgres' },
              overlapHours: 0,
            });
            await until(async () => {
              if (portal.isDead) throw new Error('It is dead.');
              return place.isRotated('retire_at');
            }, 150_000);
          },
          async check({ place, next, value }) {
            expect(await rules(next, place)).toMatchObject([
              { everyDays: 7, overlapHours: 0 },
            ]);
            await onlyNewestLogsIn(place, value);
          },
        }));

      it('while it is replaced no more ends these in their time, and replaces nothing', () => {
        const ended = whenTimeComes('retire_at');
        return sweep({
          ...{ event: 'end-rotation', effect: /^SQL DO/, about: 8, prepare },
          async change(portal, place) {
            await portal.call('endRotation', place.at).catch(error => {
              // The one that died did that.
              if (!/is not replaced by itself/.test(String(error))) throw error;
            });
            await ended(portal, place);
          },
          async check({ place, next, value }) {
            expect(await rules(next, place)).toEqual([]);
            await onlyNewestLogsIn(place, value);
          },
        });
      });
    });

    it('while it ends the credentials before leaves the newest such as log in, and no others', () =>
      sweep({
        ...{ event: 'retire', effect: /^SQL DO/, about: 8 },
        async prepare(portal, place) {
          // Whoever still uses the ones before keeps them from being ended: here nobody does.
          await place.kubectl([
            ...['scale', 'deployment', place.name, '--replicas=0'],
          ]);
          await credentials.prepare(portal, place);
          await portal.call('rotate', place.at);
        },
        change: whenTimeComes('retire_at'),
        async check({ place, value, versions }) {
          expect(versions).toBe(2);
          expect(new URL(value ?? '').username).toMatch(/_a$/);
          await credentials.logIn(await place.held());
          await expect(
            credentials.logIn(credentials.first(place)),
          ).rejects.toThrow(/not permitted to log in/);
        },
      }));
  },
);
