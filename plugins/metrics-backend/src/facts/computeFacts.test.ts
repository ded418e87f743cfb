import {
  CART,
  committed,
  deployed,
  event,
  incident,
  merged,
  owned,
  settings,
  sha,
} from '../__testUtils__/ledger';
import { MetricEvent } from '@highroad/plugin-metrics-common';
import { computeFacts } from './computeFacts';
import { FactSettings } from './Facts';

const facts = (events: MetricEvent[], change: Partial<FactSettings> = {}) =>
  computeFacts(
    CART,
    events.map(one => ({ ...one, example: false })),
    { ...settings, ...change },
  );
const byId = (events: MetricEvent[], change: Partial<FactSettings> = {}) =>
  Object.fromEntries(
    facts(events, change).deployments.map(one => [one.deployment, one]),
  );
const day = (number: number, time = '12:00:00') =>
  `2026-06-${String(number).padStart(2, '0')}T${time}Z`;
const noon = (number: number) => day(number, '12:00:00.000');
const HOUR = 3_600;

describe('lead time', () => {
  const history = [
    committed('a', day(1, '08:00:00')),
    committed('b', day(2, '08:00:00'), ['a']),
    committed('c', day(3, '08:00:00'), ['b']),
    committed('d', day(4, '08:00:00'), ['c']),
  ];
  const leads = (events: MetricEvent[], change: Partial<FactSettings> = {}) =>
    facts(events, change).changes.map(one => [
      one.deployment,
      one.change,
      one.seconds / HOUR,
    ]);

  it('counts the commits since the last successful deployment, and none for the first', () => {
    const events = [
      ...history,
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(3), { commit: sha('c') }),
    ];
    expect(leads(events)).toEqual([
      ['d2', sha('c'), 4],
      ['d2', sha('b'), 28],
    ]);
    expect(byId(events).d1.rangeState).toBe('baseline');
  });

  it('carries the commits of a failed deployment to the next that succeeds', () => {
    expect(
      leads([
        ...history,
        deployed('d1', day(1), { commit: sha('a') }),
        deployed('d2', day(2), { commit: sha('b'), outcome: 'failed' }),
        deployed('d3', day(3), { commit: sha('c') }),
      ]).map(([deployment, change]) => [deployment, change]),
    ).toEqual([
      ['d3', sha('c')],
      ['d3', sha('b')],
    ]);
  });

  it('counts nothing for a rollback, and no change twice after it', () => {
    const events = [
      ...history,
      deployed('d1', day(1), { commit: sha('a'), version: '1' }),
      deployed('d2', day(2), { commit: sha('b'), version: '2' }),
      deployed('r', day(3, '01:00:00'), {
        ...{ commit: sha('a'), version: '1', kind: 'rollback', undoes: 'd2' },
      }),
      deployed('d3', day(3), { commit: sha('c'), version: '3' }),
    ];
    expect(leads(events).map(([deployment]) => deployment)).toEqual([
      'd2',
      'd3',
    ]);
    expect(byId(events).r).toMatchObject({
      rangeState: 'rollback',
      changes: 0,
    });
  });

  it('takes a pull request as one change, from its first commit or from its merge', () => {
    const events = [
      ...history,
      committed('m', day(5, '08:00:00'), ['a', 'd']),
      merged('12', day(5, '08:00:00'), {
        ...{ mergeCommit: sha('m'), commits: ['b', 'c', 'd'].map(sha) },
        firstCommitAt: day(2, '08:00:00'),
      }),
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(5), { commit: sha('m') }),
    ];
    expect(leads(events)).toEqual([['d2', '12', 76]]);
    expect(leads(events, { leadTimeFrom: 'merge' })).toEqual([['d2', '12', 4]]);
  });

  it('takes a pull request that is named by one of its commits as one change', () => {
    const events = [
      ...history,
      committed('m', day(5, '08:00:00'), ['a', 'd']),
      merged(sha('d'), day(5, '08:00:00'), {
        ...{ mergeCommit: sha('m'), firstCommitAt: day(2, '08:00:00') },
      }),
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(5), { commit: sha('m') }),
    ];
    expect(leads(events)).toEqual([
      ['d2', sha('d'), 76],
      ['d2', sha('c'), 52],
      ['d2', sha('b'), 76],
    ]);
  });

  describe('takes a pull request as one change', () => {
    // Its own commits, "x" and "y", never came onto the branch; "c" and "d" stand there.
    const pull = (mergeCommit: string) => [
      merged('12', day(5, '08:00:00'), {
        ...{ mergeCommit: sha(mergeCommit), commits: ['x', 'y'].map(sha) },
        authoredAt: [day(3, '08:00:00'), day(4, '08:00:00')],
        firstCommitAt: day(3, '08:00:00'),
      }),
      deployed('d1', day(1), { commit: sha('a') }),
    ];

    it('where the host rebased it', () => {
      const events = [
        ...[...history, ...pull('d')],
        deployed('d2', day(5), { commit: sha('d') }),
      ];
      expect(leads(events)).toEqual([
        ['d2', '12', 52],
        ['d2', sha('b'), 76],
      ]);
    });

    it('where the host rebased it and joined it by a merge', () => {
      const events = [
        ...[...history, ...pull('m')],
        committed('m', day(5, '08:00:00'), ['b', 'd']),
        deployed('d2', day(5), { commit: sha('m') }),
      ];
      expect(leads(events).sort()).toEqual([
        ['d2', '12', 52],
        ['d2', sha('b'), 76],
      ]);
    });

    it('where the host squashed it, and leaves what was before to itself', () => {
      const events = [
        ...[...history, ...pull('s')],
        committed('s', day(5, '08:00:00'), ['d']),
        deployed('d2', day(5), { commit: sha('s') }),
      ];
      expect(leads(events)).toEqual([
        ['d2', '12', 52],
        ['d2', sha('d'), 28],
        ['d2', sha('c'), 52],
        ['d2', sha('b'), 76],
      ]);
    });
  });

  it('does not take a merge without a pull request for a change', () => {
    const events = [
      ...history,
      committed('m', day(5, '08:00:00'), ['a', 'b']),
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(5), { commit: sha('m') }),
    ];
    expect(leads(events).map(([, change]) => change)).toEqual([sha('b')]);
  });

  it('leaves negative times out, and says so', () => {
    const { changes } = facts([
      ...history,
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(1, '13:00:00'), { commit: sha('b') }),
    ]);
    expect(changes).toMatchObject([{ excluded: true, seconds: -19 * HOUR }]);
  });

  it('says of a deployment whose commit is not known that it is not', () => {
    const events = byId([
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(2)),
    ]);
    expect(events.d1.rangeState).toBe('unknown-commit');
    expect(events.d2.rangeState).toBe('no-commit');
  });

  it('says where there may be more changes behind commits that nothing is known of', () => {
    const [a, b, c, d] = history;
    const deployments = [
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(4), { commit: sha('d') }),
    ];
    expect(byId([a, b, c, d, ...deployments]).d2.cut).toBe(false);
    // As of a pipeline that tells of what it deploys only.
    const found = byId([a, d, ...deployments]);
    expect(found.d2).toMatchObject({
      ...{ rangeState: 'known', changes: 1, cut: true },
    });
    // What was before the first is asked of nobody.
    expect(byId([d, ...deployments]).d2.cut).toBe(false);
  });

  it('goes through a history of 50,000 commits', () => {
    const commits = Array.from({ length: 50_000 }, (_, at) =>
      committed(`${at}`, day(1), at > 0 ? [`${at - 1}`] : [], {
        commit: String(at).padStart(40, '0'),
        parents: at > 0 ? [String(at - 1).padStart(40, '0')] : [],
      }),
    );
    const { changes } = facts([
      ...commits,
      deployed('d1', day(2), { commit: '0'.repeat(40) }),
      deployed('d2', day(3), { commit: String(49_999).padStart(40, '0') }),
    ]);
    expect(changes).toHaveLength(49_999);
  });
});

describe('failures', () => {
  const one = deployed('d1', day(1), { version: '1' });
  const two = deployed('d2', day(2), { version: '2' });

  it('is one that failed after something was applied, until the next that succeeds', () => {
    const { d2, d3 } = byId([
      one,
      deployed('d2', day(2), { outcome: 'failed' }),
      deployed('d3', day(3), { outcome: 'failed', applied: false }),
      deployed('d4', day(4)),
    ]);
    expect(d2).toMatchObject({
      ...{ failure: 'failed', recoveredAt: '2026-06-04T12:00:00.000Z' },
      recoverySeconds: 48 * HOUR,
    });
    expect(d3).toMatchObject({ completed: false, failure: undefined });
  });

  it('is one that a rollback names, until the rollback is there', () => {
    const { d2, r } = byId([
      one,
      two,
      deployed('r', day(2, '12:10:00'), {
        ...{ version: '1', kind: 'rollback', undoes: 'd2' },
      }),
    ]);
    expect(d2).toMatchObject({
      ...{ failure: 'linked', failureBy: 'r', recoverySeconds: 600 },
    });
    expect(r).toMatchObject({
      ...{ delivered: false, completed: false, rework: 'rollback' },
    });
  });

  it('is one before which an earlier version came back, where nothing says rollback', () => {
    const { d2, d3 } = byId([
      one,
      two,
      deployed('d3', day(3), { version: '1' }),
    ]);
    expect(d2).toMatchObject({ failure: 'came-back', failureBy: 'd3' });
    expect(d3).toMatchObject({ kind: 'rollback', rework: 'rollback' });
  });

  it('is none that a version which was taken back is deployed once more', () => {
    const found = byId([
      ...[one, two, deployed('d3', day(3), { version: '1' })],
      deployed('d4', day(4), { version: '2' }),
      deployed('d5', day(5), { version: '1' }),
    ]);
    expect(
      ['d1', 'd2', 'd3', 'd4', 'd5'].map(id => [
        ...[found[id].kind, found[id].failure],
      ]),
    ).toEqual([
      ['deploy', undefined],
      ['deploy', 'came-back'],
      ['rollback', undefined],
      // Of this one the next rollback says that it failed, too.
      ['deploy', 'came-back'],
      ['rollback', undefined],
    ]);
    expect(found.d4).toMatchObject({ delivered: true, rework: undefined });
  });

  it('is one before which an earlier commit came back, where no version is said', () => {
    const { d2, d3 } = byId([
      committed('a', day(1, '01:00:00')),
      committed('b', day(2, '01:00:00'), ['a']),
      ...['a', 'b', 'a'].map((name, at) =>
        deployed(`d${at + 1}`, day(at + 1), { commit: sha(name) }),
      ),
    ]);
    expect(d2).toMatchObject({
      ...{ failure: 'came-back', failureBy: 'd3' },
      recoverySeconds: 24 * HOUR,
    });
    expect(d3).toMatchObject({ kind: 'rollback', delivered: false });
  });

  it('is no failure that the same version is deployed again', () => {
    const { d1 } = byId([one, deployed('d2', day(2), { version: '1' })]);
    expect(d1.failure).toBeUndefined();
  });

  it('is the one that brought a change that is reverted, not the latest', () => {
    const found = byId([
      committed('a', day(1)),
      committed('b', day(2), ['a']),
      committed('c', day(3), ['b']),
      committed('x', day(4), ['c'], { reverts: [sha('b')] }),
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(2), { commit: sha('b') }),
      deployed('d3', day(3), { commit: sha('c') }),
      deployed('d4', day(4), { commit: sha('x') }),
    ]);
    expect(found.d2).toMatchObject({
      failure: 'reverted',
      failureBy: sha('x'),
    });
    expect(found.d3.failure).toBeUndefined();
    expect(found.d4.rework).toBe('revert');
  });

  it('is the one before a hotfix', () => {
    const found = byId([
      committed('a', day(1)),
      committed('b', day(2), ['a']),
      committed('c', day(3), ['b'], { title: 'Hotfix: no price' }),
      deployed('d1', day(1), { commit: sha('a') }),
      deployed('d2', day(2), { commit: sha('b') }),
      deployed('d3', day(3), { commit: sha('c') }),
    ]);
    expect(found.d2).toMatchObject({ failure: 'hotfix', failureBy: sha('c') });
    expect(found.d3.rework).toBe('hotfix');
  });

  it('is the latest before an incident, if that began within the window', () => {
    const near = incident('i1', 'detected', day(3, '11:00:00'));
    const far = incident('i2', 'detected', day(3, '12:00:01'));
    const over = incident('i1', 'resolved', day(3, '13:00:00'));
    expect(byId([one, two, near, over]).d2).toMatchObject({
      ...{ failure: 'incident', failureBy: 'i1' },
      recoverySeconds: 25 * HOUR,
    });
    expect(byId([one, two, far]).d2.failure).toBeUndefined();
    expect(byId([one, two, far], { incidentWindowHours: 48 }).d2.failure).toBe(
      'incident',
    );
  });

  describe('by an incident of which nothing says in which environment it is', () => {
    const settingsOfTwo = {
      isProduction: (name: string) => name.startsWith('prod-'),
      mainProduction: 'prod-eu',
    };
    const placed = (events: MetricEvent[]) =>
      facts(events, settingsOfTwo).incidents.map(
        ({ incident: id, environment, deployment, resolvedAt }) => [
          ...[id, environment, deployment, resolvedAt],
        ],
      );
    const to = (id: string, environment: string, at: string, more = {}) =>
      deployed(id, at, { environment, ...more });
    const told = (kind: 'detected' | 'resolved', at: string) =>
      incident('i1', kind, at, { ofProduction: true });
    const begin = told('detected', day(3));
    const eu = to('d1', 'prod-eu', day(2));

    it('is the last of any environment of the production', () => {
      const us = to('d2', 'prod-us', day(3, '11:00:00'));
      expect(placed([eu, begin])).toEqual([['i1', 'prod-eu', 'd1', undefined]]);
      expect(placed([begin, us, eu])).toEqual([
        ['i1', 'prod-us', 'd2', undefined],
      ]);
      expect(
        placed([eu, us, begin, told('resolved', day(3, '13:00:00'))]),
      ).toEqual([['i1', 'prod-us', 'd2', day(3, '13:00:00.000')]]);
    });

    it('is not what came later, is no production, did nothing or took something back', () => {
      expect(
        placed([
          ...[eu, begin],
          to('d2', 'prod-us', day(3, '12:00:01')),
          to('d3', 'staging', day(3, '11:00:00')),
          to('d4', 'prod-us', day(3, '11:00:00'), { outcome: 'cancelled' }),
          to('d5', 'prod-us', day(3, '11:00:00'), { kind: 'rollback' }),
          to('d6', 'prod-us', day(3, '11:00:00'), {
            ...{ outcome: 'failed', applied: false },
          }),
          // It was opened again then, and is where it was.
          told('detected', day(4)),
        ]),
      ).toEqual([['i1', 'prod-eu', 'd1', undefined]]);
    });

    it('is none where nothing was deployed before it, and it is one of the first production', () => {
      expect(placed([begin])).toEqual([
        ['i1', 'prod-eu', undefined, undefined],
      ]);
    });
  });

  it('believes an incident that names its deployment, however late', () => {
    const found = byId([
      one,
      two,
      incident('i1', 'detected', day(20), { deployment: 'd1' }),
    ]);
    expect(found.d1).toMatchObject({ failure: 'linked', failureBy: 'i1' });
    expect(found.d1.recoveredAt).toBeUndefined();
  });

  it('is only what a repair names, not also the latest before it', () => {
    const four = (data: Record<string, unknown>) =>
      byId([
        ...[one, two, deployed('d3', day(3), { version: '3' })],
        deployed('d4', day(4), { version: '4', ...data }),
      ]);
    const failures = (found: ReturnType<typeof byId>) =>
      ['d1', 'd2', 'd3', 'd4'].map(id => found[id].failure);
    const repaired = four({ fixes: ['d1'], unplanned: true });
    expect(failures(repaired)).toEqual(['linked', ...Array(3)]);
    expect(repaired.d4.rework).toBe('repair');
    // It names one that is not known here: that is no reason to blame another one.
    const unknown = four({ fixes: ['elsewhere'], unplanned: true });
    expect(failures(unknown)).toEqual(Array(4).fill(undefined));
    expect(failures(four({ unplanned: true }))).toEqual([
      ...[undefined, undefined, 'hotfix', undefined],
    ]);
  });

  it('is only the one that a hotfix reverts, not also the latest before it', () => {
    const found = byId([
      ...['a', 'b', 'c', 'h'].map((name, at) =>
        committed(name, day(at + 1), at > 0 ? ['abch'[at - 1]] : []),
      ),
      merged('12', day(2), { mergeCommit: sha('b'), firstCommitAt: day(2) }),
      merged('14', day(4), {
        ...{ mergeCommit: sha('h'), firstCommitAt: day(4) },
        ...{ title: 'hotfix: no price', reverts: ['12'] },
      }),
      ...['a', 'b', 'c', 'h'].map((name, at) =>
        deployed(`d${at + 1}`, day(at + 1, '13:00:00'), { commit: sha(name) }),
      ),
    ]);
    expect(found.d2).toMatchObject({ failure: 'reverted', failureBy: '14' });
    expect(found.d3.failure).toBeUndefined();
    expect(found.d4.rework).toBe('revert');
  });

  it.each([
    [
      'by its repository and number',
      'git.test/a/cart#2',
      'git.test/a/cart#2',
      true,
    ],
    ['without its host', 'git.test/a/cart#2', 'a/cart#2', true],
    ['by its number only', 'git.test/a/cart#2', '2', true],
    ['that was told of by its number only', '2', 'git.test/a/cart#2', true],
    ['of another repository', 'git.test/a/cart#2', 'git.test/a/shop#2', false],
  ])(
    'is one that brought a pull request which is reverted, called %s',
    (_, change, target, isFound) => {
      const found = byId([
        committed('a', day(1)),
        committed('b', day(2), ['a']),
        committed('c', day(3), ['b']),
        merged(change, day(2), {
          mergeCommit: sha('b'),
          firstCommitAt: day(2),
        }),
        merged('git.test/a/cart#3', day(3), {
          ...{ mergeCommit: sha('c'), firstCommitAt: day(3) },
          reverts: [target],
        }),
        ...['a', 'b', 'c'].map((name, at) =>
          deployed(`d${at + 1}`, day(at + 1, '13:00:00'), {
            commit: sha(name),
          }),
        ),
      ]);
      expect(found.d2.failure).toBe(isFound ? 'reverted' : undefined);
    },
  );

  it('is none that brought a pull request of the number that is reverted, where two repositories have one', () => {
    const found = byId([
      committed('a', day(1)),
      committed('b', day(2), ['a']),
      committed('c', day(3), ['b']),
      committed('d', day(4), ['c']),
      ...['b', 'c'].map((name, at) =>
        merged(`git.test/a/${name}#2`, day(2 + at), {
          ...{ mergeCommit: sha(name), firstCommitAt: day(2 + at) },
        }),
      ),
      merged('git.test/a/c#3', day(4), {
        ...{ mergeCommit: sha('d'), firstCommitAt: day(4), reverts: ['2'] },
      }),
      ...['a', 'b', 'c', 'd'].map((name, at) =>
        deployed(`d${at + 1}`, day(at + 1, '13:00:00'), { commit: sha(name) }),
      ),
    ]);
    expect(
      Object.values(found).map(({ changes, failure }) => [changes, failure]),
    ).toEqual([[0, undefined], ...Array(3).fill([1, undefined])]);
  });

  it('counts once where several say so, over at the earliest end', () => {
    const { d2 } = byId([
      one,
      two,
      incident('i1', 'detected', day(2, '12:05:00')),
      incident('i1', 'resolved', day(2, '14:00:00')),
      deployed('r', day(2, '12:30:00'), {
        ...{ version: '1', kind: 'rollback', undoes: 'd2' },
      }),
    ]);
    expect(d2).toMatchObject({ failure: 'linked', recoverySeconds: 1_800 });
  });

  it('is open again while its incident was opened again, and over at the last end', () => {
    const events = [
      ...[one, two],
      incident('i1', 'detected', day(2, '12:05:00')),
      incident('i1', 'resolved', day(2, '14:00:00')),
      incident('i1', 'detected', day(2, '15:00:00')),
    ];
    expect(byId(events).d2.recoveredAt).toBeUndefined();
    const { d2 } = byId([
      ...events,
      incident('i1', 'resolved', day(2, '16:00:00')),
    ]);
    expect(d2.recoverySeconds).toBe(4 * 3_600);
  });

  it('is over when a repair succeeds that failed at first', () => {
    const found = byId([
      deployed('d1', day(1), { version: '1' }),
      deployed('d2', day(2), {
        ...{ version: '2', outcome: 'failed', unplanned: true },
      }),
      deployed('d3', day(3), { version: '3', unplanned: true }),
    ]);
    expect(found.d1).toMatchObject({ failure: 'hotfix', recoveredAt: noon(3) });
    expect(found.d2).toMatchObject({ failure: 'failed', recoveredAt: noon(3) });
  });

  it('is what ran before a hotfix whose first try failed', () => {
    const found = byId([
      committed('a', day(1, '08:00:00')),
      committed('h', day(1, '20:00:00'), ['a'], { title: 'hotfix: totals' }),
      deployed('d1', day(1), { version: '1', commit: sha('a') }),
      deployed('d2', day(2), {
        ...{ version: '2', commit: sha('h'), outcome: 'failed' },
      }),
      deployed('d3', day(3), { version: '2', commit: sha('h') }),
    ]);
    expect(found.d1).toMatchObject({ failure: 'hotfix', recoveredAt: noon(3) });
    expect(found.d2.failure).toBe('failed');
    expect(found.d3.rework).toBe('hotfix');
  });

  it('is one that failed, and not what ran, where a hotfix follows it that is something else', () => {
    const found = byId([
      committed('a', day(1, '08:00:00')),
      committed('h', day(2, '20:00:00'), ['a'], { title: 'hotfix: totals' }),
      deployed('d1', day(1), { version: '1', commit: sha('a') }),
      deployed('d2', day(2), { version: '2', outcome: 'failed' }),
      deployed('d3', day(3), { version: '3', commit: sha('h') }),
    ]);
    expect(found.d1.failure).toBeUndefined();
    expect(found.d2.failure).toBe('failed');
  });

  it.each([
    ['what ran, where an earlier version comes back after another failed', '2'],
    ['not what ran, where that is what comes back', '1'],
  ])('is %s', (_, ran) => {
    const found = byId([
      deployed('d1', day(1), { version: '1' }),
      deployed('d2', day(2), { version: ran }),
      deployed('d3', day(3), { version: '3', outcome: 'failed' }),
      deployed('d4', day(4), { version: '1' }),
    ]);
    expect(found.d2.failure).toBe(ran === '2' ? 'came-back' : undefined);
    expect(found.d3).toMatchObject({ failure: 'failed', recoveredAt: noon(4) });
    expect(found.d4.rework).toBe('rollback');
  });

  it('was recovered at once where its incident was over before it had finished', () => {
    const found = byId([
      deployed('d1', day(1), { version: '1' }),
      incident('i', 'detected', day(1, '11:50:00'), { deployment: 'd1' }),
      incident('i', 'resolved', day(1, '11:58:00')),
    ]);
    expect(found.d1).toMatchObject({
      ...{ failure: 'linked', recoveredAt: noon(1), recoverySeconds: 0 },
    });
  });

  it('blames nothing in another environment', () => {
    const { d2 } = byId([
      one,
      two,
      incident('i1', 'detected', day(2, '13:00:00'), {
        environment: 'staging',
      }),
    ]);
    expect(d2.failure).toBeUndefined();
  });
});

describe('what facts are about', () => {
  it('is who owned the service then', () => {
    const { d1, d2 } = byId([
      owned('group:default/old', day(1)),
      owned('group:default/new', day(10)),
      deployed('d1', day(9)),
      deployed('d2', day(11)),
    ]);
    expect([d1.owner, d2.owner]).toEqual([
      'group:default/old',
      'group:default/new',
    ]);
  });

  it('is the day of the time zone', () => {
    const { d1 } = byId([deployed('d1', day(1, '23:30:00'))], {
      timeZone: 'Europe/Berlin',
    });
    expect(d1.day).toBe('2026-06-02');
  });

  it('is what was corrected most often, in whatever order that comes', () => {
    const first = deployed('d1', day(1), { version: '1' });
    const worse = deployed('d1', day(1), {
      ...{ version: '1', outcome: 'failed', revision: 1 },
    });
    const again = deployed('d1', day(2), { version: '1.1', revision: 2 });
    for (const told of [
      [first, worse, again],
      [again, worse, first],
    ]) {
      expect(byId(told).d1).toMatchObject({
        ...{ outcome: 'succeeded', version: '1.1', finishedAt: noon(2) },
      });
      expect(byId(told.filter(one => one !== again)).d1).toMatchObject({
        ...{ outcome: 'failed', finishedAt: noon(1) },
      });
    }
  });

  it('is of two who tell of a commit always the same one, whenever each came', () => {
    // Their clocks are ahead, so that each is as of when it was taken.
    const told = (minutes: number[]) =>
      facts([
        committed('a', day(1)),
        deployed('d1', day(1), { commit: sha('a') }),
        ...['First', 'Second'].map((title, at) => ({
          ...committed('b', day(2 + at), ['a'], { title }),
          time: day(20, `12:${minutes[at]}:00.000`),
        })),
        deployed('d2', day(5), { commit: sha('b') }),
      ]).changes.map(one => [one.title, one.seconds]);
    expect(told([10, 20])).toEqual([['First', 3 * 24 * HOUR]]);
    expect(told([20, 10])).toEqual(told([10, 20]));
  });

  it('is what this platform tells of itself, unless that was corrected', () => {
    const own = {
      ...deployed('d1', day(2), { outcome: 'failed', platform: true }),
      source: '/plugins/deployments',
    };
    const other = deployed('d1', day(1));
    const better = deployed('d1', day(1), { revision: 1 });
    expect(byId([other, own]).d1).toMatchObject({
      ...{ outcome: 'failed', platform: true, finishedAt: noon(2) },
    });
    expect(byId([better, own, other]).d1).toMatchObject({
      ...{ outcome: 'succeeded', finishedAt: noon(1) },
    });
  });

  it('is one deployment for one id, whoever tells of it', () => {
    expect(
      facts([
        deployed('d1', day(2)),
        event(
          'com.myorg.platform.deployment.finished.1',
          day(1),
          {
            ...{ deployment: 'd1', environment: 'production' },
            outcome: 'succeeded',
          },
          { source: '/other' },
        ),
      ]).deployments,
    ).toMatchObject([{ deployment: 'd1', day: '2026-06-01' }]);
  });
});
