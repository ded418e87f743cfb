import { describeKilled } from './__testUtils__/describeKilled';
import { MortalPlace } from './__testUtils__/MortalPlace';
import { PortalProcess } from './__testUtils__/PortalProcess';
import { until } from './__testUtils__/SandboxWorld';
import { ofSecret, SecretTrial, setTruly } from './__testUtils__/secretTrial';

jest.setTimeout(60 * 60_000);

const VALUE_WRITTEN = /^(POST|PUT) .*\/data\/staging\//;
const set =
  (...values: string[]) =>
  async (portal: PortalProcess, { at }: MortalPlace) => {
    for (const value of values) await portal.call('set', { ...at, value });
  };

describeKilled('a backend that is killed at any call', [], kill => {
  const sweep = (trial: SecretTrial) => kill(ofSecret(trial));

  it('while it sets a value leaves it written once, with one restart of its programs', () =>
    sweep({
      about: 12,
      ...{ event: 'set', effect: VALUE_WRITTEN },
      prepare: set('first'),
      change: set('second'),
      atOnce: (next, place) => setTruly(next, place, 'second'),
      check({ value, versions, restarts }) {
        expect({ value, versions, restarts }).toEqual({
          ...{ value: 'second', versions: 2, restarts: 1 },
        });
      },
    }));

  it('while it sets a value lets nobody be told of another one that it is there before it is', () => {
    const again = new Set<MortalPlace>();
    return sweep({
      about: 12,
      ...{ event: 'set', effect: VALUE_WRITTEN },
      prepare: set('first'),
      async change(portal, place) {
        if (!again.has(place)) await set('second')(portal, place);
      },
      async atOnce(next, place) {
        again.add(place);
        await setTruly(next, place, 'third');
      },
      check({ value, versions, restarts }) {
        expect(value).toBe('third');
        expect(versions).toBeLessThanOrEqual(3);
        expect(restarts).toBeGreaterThanOrEqual(1);
        expect(restarts).toBeLessThanOrEqual(2);
      },
    });
  });

  it('while it imports several leaves each written once', () =>
    sweep({
      about: 12,
      ...{ event: 'import', effect: VALUE_WRITTEN },
      prepare: set('first'),
      change: (portal, { at: { service, environment } }) =>
        portal.call('importAll', {
          ...{ service, environment },
          entries: [
            { key: 'URL', value: 'second' },
            { key: 'OTHER', value: 'new' },
          ],
        }),
      async check({ place, value, versions, restarts }) {
        expect({ value, versions }).toEqual({ value: 'second', versions: 2 });
        await until(async () => (await place.held('OTHER')) === 'new');
        expect(await place.versions('OTHER')).toBe(1);
        // One of them may have been brought before the other was written.
        expect(restarts).toBeGreaterThanOrEqual(1);
        expect(restarts).toBeLessThanOrEqual(2);
      },
    }));

  it('while it gives a service a value that it lacks leaves that written once', () =>
    sweep({
      about: 12,
      ...{ event: 'provide', effect: VALUE_WRITTEN },
      prepare: set('first'),
      change: (portal, { at }) =>
        portal.call('provide', { ...at, key: 'OTHER', value: 'given' }),
      async check({ place, next, value, versions, restarts }) {
        expect({ value, versions }).toEqual({ value: 'first', versions: 1 });
        await until(async () => (await place.held('OTHER')) === 'given');
        expect(await place.versions('OTHER')).toBe(1);
        const another = { ...place.at, key: 'OTHER', value: 'another' };
        expect(await next.call('provide', another)).toEqual({
          provided: false,
        });
        expect(restarts).toBeLessThanOrEqual(1);
      },
    }));

  it('while it restores an earlier value leaves it written once more, and what came between kept', () =>
    sweep({
      about: 12,
      ...{ event: 'restore', effect: VALUE_WRITTEN },
      prepare: set('first', 'second'),
      change: (portal, { at }) => portal.call('restore', { ...at, version: 1 }),
      async check({ place, next, value, versions, restarts }) {
        expect({ value, versions, restarts }).toEqual({
          ...{ value: 'first', versions: 3, restarts: 1 },
        });
        const { value: between } = await next.call('reveal', {
          ...{ ...place.at, version: 2, reason: 'for the test' },
        });
        expect(between).toBe('second');
      },
    }));

  it('while it deletes leaves nothing of it in the cluster, and all to be put back', () =>
    sweep({
      about: 12,
      event: 'delete',
      effect: /^DELETE .*\/data\/staging\//,
      prepare: set('first'),
      change: (portal, { at }) => portal.call('delete', at),
      doneAlready: /is deleted already/,
      async check({ place, next, value, versions, restarts }) {
        expect({ value, versions, restarts }).toEqual({
          ...{ value: undefined, versions: 1, restarts: 1 },
        });
        await next.call('undelete', place.at);
        await until(async () => (await place.held()) === 'first');
      },
    }));

  it('while it undeletes leaves the value where it was', () =>
    sweep({
      about: 12,
      event: 'undelete',
      effect: /^(POST|PUT) .*\/undelete\/staging\//,
      async prepare(portal, { at }) {
        await portal.call('set', { ...at, value: 'first' });
        await portal.call('delete', at);
      },
      change: (portal, { at }) => portal.call('undelete', at),
      doneAlready: /is not deleted/,
      check({ value, versions, restarts }) {
        expect({ value, versions, restarts }).toEqual({
          ...{ value: 'first', versions: 1, restarts: 1 },
        });
      },
    }));

  it('while it brings what was written straight to Vault leaves it in the cluster, with one restart', () => {
    const written = new Set<MortalPlace>();
    return sweep({
      about: 12,
      ...{ event: 'sync', looks: true },
      effect: /^PATCH .*\/secrets\//,
      prepare: set('first'),
      async change(portal, place) {
        if (!written.has(place)) await place.writeToVault('second');
        written.add(place);
        await until(async () => {
          if (portal.isDead) throw new Error('It is dead.');
          return (await place.held()) === 'second';
        });
        await until(async () => {
          const { sync } = await portal.call('get', place.at);
          return !sync.restartAt;
        });
      },
      check({ value, versions, restarts }) {
        expect({ value, versions, restarts }).toEqual({
          ...{ value: 'second', versions: 2, restarts: 1 },
        });
      },
    });
  });
});
