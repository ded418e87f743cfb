import { Build, hasEnded } from '@highroad/plugin-sandbox-common';
import { BuildRequest } from './deliveries';
import {
  afterInterruption,
  branchTag,
  builtBefore,
  MOST_ATTEMPTS,
  nextOf,
  speaksForCommit,
  tagsOf,
  takeIn,
  toForget,
} from './queueRules';

const now = new Date('2026-01-02T03:04:05.678Z');
const commit = (letter: string) => letter.repeat(40);
let count = 0;
const next = () => {
  count += 1;
  return {
    id: `2026010203040${String(count).padStart(4, '0')}-00000000`,
    now,
  };
};

function onBranch(letter: string, branch = 'main'): BuildRequest {
  return {
    repository: 'highroad/a',
    commit: commit(letter),
    ref: { kind: 'branch', branch },
    cause: 'push',
  };
}

function take(request: BuildRequest, builds: Build[] = []): Build {
  const intake = takeIn(request, builds, next());
  if (intake.is !== 'new') throw new Error('known already');
  return intake.build;
}

const running = (build: Build): Build => ({
  ...build,
  attempts: build.attempts + 1,
  progress: { state: 'running', startedAt: now.toISOString() },
});
const ended = (build: Build, state: 'succeeded' | 'failed'): Build => ({
  ...build,
  progress:
    state === 'failed'
      ? {
          state,
          startedAt: now.toISOString(),
          endedAt: now.toISOString(),
          problem: 'x',
        }
      : {
          state,
          startedAt: now.toISOString(),
          endedAt: now.toISOString(),
          image: { name: 'r/a', tags: ['t'], digest: 'sha256:1' },
        },
});

describe('takeIn', () => {
  it('queues a commit', () => {
    expect(take(onBranch('a'))).toMatchObject({
      commit: commit('a'),
      attempts: 0,
      progress: { state: 'queued' },
    });
  });

  it.each([
    ['queued', (build: Build) => build],
    ['running', running],
    ['built', (build: Build) => ended(build, 'succeeded')],
  ])('takes a commit that is %s no second time', (_, become) => {
    const first = become(take(onBranch('a')));
    expect(takeIn(onBranch('a'), [first], next())).toEqual({
      is: 'known',
      build: first,
    });
  });

  it('builds a commit again that failed, when it is asked for again', () => {
    const first = ended(take(onBranch('a')), 'failed');
    expect(takeIn(onBranch('a'), [first], next()).is).toBe('new');
  });

  it('has the newest commit of a branch built instead of older ones that wait', () => {
    const older = take(onBranch('a'));
    const elsewhere = take(onBranch('b', 'feature'));
    const intake = takeIn(onBranch('c'), [older, elsewhere], next());
    expect(intake).toMatchObject({
      is: 'new',
      superseded: [
        {
          id: older.id,
          progress: { state: 'superseded', by: intake.build.id },
        },
      ],
    });
  });

  it('lets one finish that has begun', () => {
    const older = running(take(onBranch('a')));
    expect(takeIn(onBranch('b'), [older], next())).toMatchObject({
      superseded: [],
    });
  });

  it('tells a pull request from the branch that it comes from', () => {
    const branch = take(onBranch('a', 'feature'));
    const intake = takeIn(
      {
        ...onBranch('a'),
        ref: { kind: 'pull-request', number: 7, branch: 'feature' },
        cause: 'pull-request',
      },
      [branch],
      next(),
    );
    expect(intake).toMatchObject({ is: 'new', superseded: [] });
    expect(tagsOf(intake.build)).toEqual([commit('a'), 'pr-7']);
    expect(
      builtBefore(intake.build, [intake.build, ended(branch, 'succeeded')])?.id,
    ).toBe(branch.id);
  });
});

describe('the queue', () => {
  it('begins with the oldest', () => {
    const first = take(onBranch('a', 'x'));
    const second = take(onBranch('b', 'y'));
    expect(nextOf([second, first])?.id).toBe(first.id);
    expect(nextOf([running(first)])).toBeUndefined();
  });

  it('begins again what was interrupted, and not for ever', () => {
    let build = take(onBranch('a'));
    let beginnings = 0;
    while (!hasEnded(build)) {
      build = afterInterruption(running(build), 'killed', now);
      beginnings += 1;
    }
    expect(beginnings).toBe(MOST_ATTEMPTS);
    expect(build.progress).toMatchObject({
      state: 'error',
      problem: 'killed (tried 3 times)',
    });
  });

  it('forgets only the oldest of those that have ended', () => {
    const waiting = take(onBranch('a'));
    const old = ended(take(onBranch('b')), 'failed');
    const newer = ended(take(onBranch('c')), 'succeeded');
    expect(toForget([newer, waiting, old], 1)).toEqual([old]);
  });
});

describe('speaksForCommit', () => {
  const superseded = (build: Build): Build => ({
    ...build,
    progress: { state: 'superseded', endedAt: now.toISOString(), by: 'x' },
  });
  const main = ended(take(onBranch('a')), 'succeeded');
  const feature = take(onBranch('a', 'feature'));
  const other = take(onBranch('b', 'feature'));

  it('lets a build speak that is the only one of its commit', () => {
    expect(speaksForCommit(feature, [feature, other])).toBe(true);
    expect(speaksForCommit(superseded(feature), [superseded(feature)])).toBe(
      true,
    );
  });

  it.each([
    ['waits', feature],
    ['runs', running(feature)],
    ['is superseded', superseded(feature)],
  ])(
    'does not take back that a commit was built when it %s again',
    (_, build) => {
      expect(speaksForCommit(build, [main, build])).toBe(false);
    },
  );

  it('lets every end be told', () => {
    const failed = ended(feature, 'failed');
    expect(speaksForCommit(failed, [main, failed])).toBe(true);
  });
});

describe('branchTag', () => {
  it.each([
    ['main', 'main'],
    ['feature/new login', 'feature-new-login'],
    ['.hidden', 'hidden'],
    ['ä/ö', 'branch'],
    ['x'.repeat(200), 'x'.repeat(128)],
  ])('makes a tag of %s', (branch, tag) => {
    expect(branchTag(branch)).toBe(tag);
    expect(tag).toMatch(/^\w[\w.-]{0,127}$/);
  });
});
