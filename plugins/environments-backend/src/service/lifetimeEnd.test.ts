import {
  environmentSpecSchema,
  environmentStatusSchema,
  EXTENDED_UNTIL_ANNOTATION,
  KEEP_LABEL,
} from '@highroad/plugin-environments-common';
import { EnvironmentResource } from './EnvironmentResources';
import { endIfNotKept, endsNotBefore, lifetimeEnd } from './lifetimeEnd';
import { parsePreviewSettings } from './PreviewSettings';
import { readResource } from './readResource';

const DAY = 86_400_000;
const NOW = new Date('2026-03-01T12:00:00Z');
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY);
const settings = parsePreviewSettings({
  lifetime: { warnBefore: '24h', max: '60d' },
});

/** Made so many days ago, and told its end in so many. */
function resource(options: {
  ttl: string;
  madeDaysAgo: number;
  toldInDays?: number;
  keep?: boolean;
  extendedInDays?: number;
  seen?: boolean;
}): EnvironmentResource {
  const { ttl, madeDaysAgo, toldInDays, keep, extendedInDays } = options;
  return {
    ...{ name: 'demo', home: 'environments', uid: '1', finalizers: [] },
    ...{ generation: 2, resourceVersion: '7' },
    labels: keep ? { [KEEP_LABEL]: 'true' } : {},
    annotations:
      extendedInDays === undefined
        ? {}
        : { [EXTENDED_UNTIL_ANNOTATION]: inDays(extendedInDays).toISOString() },
    createdAt: inDays(-madeDaysAgo),
    spec: environmentSpecSchema.parse({
      ...{ type: 'preview', ttl },
      services: [{ name: 'api', image: 'myorg/api:1' }],
    }),
    status: environmentStatusSchema.parse({
      ...(options.seen !== false && { observedGeneration: 1 }),
      ...(toldInDays !== undefined && {
        expiresAt: inDays(toldInDays).toISOString(),
      }),
    }),
  };
}
const endOf = (one: EnvironmentResource, now = NOW) =>
  lifetimeEnd(one, settings, now);

/** As the controller writes what it found into the status. */
const told = (one: EnvironmentResource, now: Date): EnvironmentResource => ({
  ...one,
  status: {
    ...one.status,
    expiresAt: endOf(one, now)?.toISOString(),
    endsNotBefore: endsNotBefore(one, settings, now)?.toISOString(),
  },
});

describe('the end of an environment', () => {
  it.each([
    ['its time to live', { ttl: '7d', madeDaysAgo: 2, toldInDays: 5 }, 5],
    [
      'its time to live, also when it is up',
      { ttl: '1d', madeDaysAgo: 2, toldInDays: -1 },
      -1,
    ],
    [
      'its time to live before anybody has seen it',
      { ttl: '1d', madeDaysAgo: 2, seen: false },
      -1,
    ],
    [
      'what it was extended to',
      { ttl: '1d', madeDaysAgo: 2, toldInDays: 3, extendedInDays: 3 },
      3,
    ],
    [
      'its longer time to live',
      { ttl: '9d', madeDaysAgo: 2, toldInDays: 5 },
      7,
    ],
    [
      'a shorter time to live that is far enough',
      { ttl: '5d', madeDaysAgo: 2, toldInDays: 5 },
      3,
    ],
  ])('is %s', (_, options, days) => {
    expect(endOf(resource(options))).toEqual(inDays(days));
  });

  it('is a day off at least where it was kept for longer than it had to live', () => {
    const one = resource({ ttl: '7d', madeDaysAgo: 40 });
    expect(endOf(one)).toEqual(inDays(1));
    const older = resource({ ttl: '7d', madeDaysAgo: 400 });
    expect(endOf(older)).toEqual(inDays(1));
  });

  it('is as far off as its time to live where that is shorter than a day', () => {
    const one = resource({ ttl: '6h', madeDaysAgo: 40 });
    expect(endOf(one)).toEqual(inDays(0.25));
  });

  it('is a day off at least where its time to live was made shorter, but no later than it was told', () => {
    const one = resource({ ttl: '1d', madeDaysAgo: 3, toldInDays: 4 });
    expect(endOf(one)).toEqual(inDays(1));
    const nearer = resource({ ttl: '1d', madeDaysAgo: 3, toldInDays: 0.5 });
    expect(endOf(nearer)).toEqual(inDays(0.5));
  });

  it('stays where it was put by that, and then is the end', () => {
    const one = told(resource({ ttl: '7d', madeDaysAgo: 40 }), NOW);
    expect(endOf(one, inDays(0.5))).toEqual(inDays(1));
    const again = told(one, inDays(0.5));
    expect(endOf(again, inDays(2))).toEqual(inDays(1));
  });

  describe('where its spec can’t be read', () => {
    const unreadable = (spec: object, status: object = {}) =>
      readResource({
        metadata: {
          ...{ name: 'demo', namespace: 'environments', uid: '1' },
          resourceVersion: '7',
          creationTimestamp: inDays(-2).toISOString(),
        },
        spec: {
          type: 'preview',
          ...spec,
          services: [
            {
              name: 'api',
              image: 'myorg/api:1',
              env: [{ name: 'A', value: '${nope}' }],
            },
          ],
        },
        status: { observedGeneration: 1, ...status },
      });
    const inFive = { expiresAt: inDays(5).toISOString() };

    it('is its time to live all the same, and no later once it was told', () => {
      const one = unreadable({ ttl: '7d' }, inFive);
      expect(one.spec).toBeUndefined();
      expect(endOf(one)).toEqual(inDays(5));
      expect(endOf(told(one, NOW), inDays(4))).toEqual(inDays(5));
      const over = { expiresAt: inDays(-1).toISOString() };
      expect(endOf(unreadable({ ttl: '1d' }, over))).toEqual(inDays(-1));
    });

    it('is at most as far off as any may be', () => {
      expect(endOf(unreadable({ ttl: '99w' }, inFive))).toEqual(inDays(58));
    });

    it('is none where it is kept', () => {
      expect(
        endOf(unreadable({ ttl: '7d', keep: true }, inFive)),
      ).toBeUndefined();
    });

    it('is what was told where its time to live can’t be read either', () => {
      expect(endOf(unreadable({ ttl: 'a while' }, inFive))).toEqual(inDays(5));
      expect(endOf(unreadable({ ttl: 'a while' }))).toBeUndefined();
    });
  });

  it('is told of one that is kept before its time counts again, unless its manifest keeps it', () => {
    const one = resource({ ttl: '7d', madeDaysAgo: 40, keep: true });
    expect(endOf(one)).toBeUndefined();
    expect(endIfNotKept(one, settings, NOW)).toEqual(inDays(1));
    const { spec } = one;
    const byManifest = { ...one, spec: spec && { ...spec, keep: true } };
    expect(endIfNotKept(byManifest, settings, NOW)).toBeUndefined();
    const ends = resource({ ttl: '7d', madeDaysAgo: 2, toldInDays: 5 });
    expect(endIfNotKept(ends, settings, NOW)).toBeUndefined();
  });
});
