import { MetricEvent } from '@highroad/plugin-metrics-common';
import fc from 'fast-check';
import {
  CART,
  committed,
  deployed,
  incident,
  merged,
  owned,
  sha,
} from './ledger';

const HOUR_MS = 3_600_000;
const START = Date.parse('2026-03-20T00:00:00Z');
const few = fc.nat({ max: 6 });
const sometimes = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined, freq: 3 });

interface Step {
  kind: 'commit' | 'deploy' | 'incident' | 'end' | 'merge' | 'owned';
  hours: number;
  back: number;
  other: number;
  sort: number;
  environment: string;
  named?: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 9, arbitrary: fc.constant('commit' as const) },
    { weight: 9, arbitrary: fc.constant('deploy' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('incident' as const, 'end' as const),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('merge' as const, 'owned' as const),
    },
  ),
  hours: fc.constantFrom(0, 1, 1, 2, 5, 30),
  ...{ back: few, other: few, sort: fc.nat({ max: 19 }) },
  environment: fc.constantFrom('production', 'production', 'staging'),
  named: sometimes(few),
});

/**
 * What happens to one service as time goes, mostly told as it happens: some of it late, or again. Deployments repeat versions and
 * commits, or say no version, fail, undo and repair others; incidents name deployments or not, and an environment or not.
 */
export const timely: fc.Arbitrary<MetricEvent[]> = fc
  .array(fc.tuple(step, sometimesLate()), {
    ...{ minLength: 1, maxLength: 60, size: 'max' as const },
  })
  .map(steps => {
    let hour = 0;
    const count = { commit: 0, deploy: 0, incident: 0 };
    const told: Array<{ event: MetricEvent; at: number }> = [];
    steps.forEach(([one, late], index) => {
      hour += one.hours;
      const event = eventOf(one, count, iso(hour));
      told.push({ event, at: index + late });
    });
    return told.sort((a, b) => a.at - b.at).map(one => one.event);
  });

function sometimesLate(): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat({ max: 20 }) },
  );
}

function eventOf(
  { kind, back, other, sort, environment, named }: Step,
  count: { commit: number; deploy: number; incident: number },
  at: string,
): MetricEvent {
  const earlier = (name: 'commit' | 'deploy' | 'incident', by: number) =>
    Math.max(0, count[name] - by);
  switch (kind) {
    case 'commit': {
      count.commit += 1;
      const own = count.commit;
      const parents = [
        own - 1,
        ...(sort > 16 ? [earlier('commit', other)] : []),
      ];
      return committed(
        `c${own}`,
        at,
        parents.map(one => `c${one}`),
        {
          title: sort === 0 ? 'hotfix' : 'Work',
          ...(sort === 1 && { reverts: [sha(`c${earlier('commit', back)}`)] }),
        },
      );
    }
    case 'deploy': {
      count.deploy += 1;
      const commit = sha(`c${earlier('commit', sort > 12 ? back : 0)}`);
      return deployed(`d${count.deploy}`, at, {
        ...{ environment, commit },
        // Some say a commit only, which others had before them.
        ...(back !== 6 && {
          version: `v${sort > 14 ? earlier('deploy', other) : count.deploy}`,
        }),
        outcome: sort % 5 === 4 ? 'failed' : 'succeeded',
        applied: sort !== 9,
        platform: sort % 2 === 0,
        kind: sort === 18 ? 'rollback' : 'deploy',
        // One of them fails.
        ...([14, 17].includes(sort) && { unplanned: true }),
        ...(sort < 3 && named !== undefined
          ? { fixes: [`d${earlier('deploy', named)}`] }
          : {}),
        ...(sort === 18 && named !== undefined
          ? { undoes: `d${earlier('deploy', named)}` }
          : {}),
      });
    }
    case 'incident':
      count.incident += 1;
      return incident(`i${count.incident}`, 'detected', at, {
        environment,
        // Nobody says in which environment it is.
        ...(sort > 15 && { ofProduction: true }),
        ...(named !== undefined && {
          deployment: `d${earlier('deploy', named) + (sort === 0 ? 2 : 0)}`,
        }),
      });
    case 'end':
      return incident(
        `i${earlier('incident', sort > 15 ? back : 0)}`,
        'resolved',
        at,
        {
          environment,
          ...(sort === 0 && { deployment: `d${earlier('deploy', other)}` }),
          ...(sort > 12 && { ofProduction: true }),
        },
      );
    case 'merge': {
      const merge = earlier('commit', sort > 15 ? other : 0);
      return merged(`${merge}`, at, {
        mergeCommit: sha(`c${merge}`),
        commits: [merge - 1, merge - 2]
          .slice(0, back % 3)
          .map(one => sha(`c${one}`)),
        firstCommitAt: at,
        ...(sort === 0 && { reverts: [`${earlier('commit', back)}`] }),
        ...(sort === 1 && { labels: ['hotfix'] }),
      });
    }
    default:
      return owned(`group:default/${sort % 2}`, at, CART);
  }
}

function iso(hour: number): string {
  return new Date(START + hour * HOUR_MS).toISOString();
}
