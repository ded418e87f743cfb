import { Build, BuildRef, hasEnded } from '@highroad/plugin-sandbox-common';
import { BuildRequest } from './deliveries';

/** What taking in a request does to the builds that there are. */
export type Intake =
  /** The same is queued, running, or has been built; one that failed is built again when it is asked for again */
  | { is: 'known'; build: Build }
  /** Queued; older ones of the same branch or pull request, not begun yet, are built no more */
  | { is: 'new'; build: Build; superseded: Build[] };

/**
 * Decides over a request. Deliveries may come twice and in any order, and a builder that starts looks for what it
 * missed: the same commit at the same head is built once.
 *
 * @param builds - all that are known, of any state
 */
export function takeIn(
  request: BuildRequest,
  builds: Build[],
  { id, now }: { id: string; now: Date },
): Intake {
  const same = builds.find(
    build =>
      build.repository === request.repository &&
      build.commit === request.commit &&
      sameHead(build.ref, request.ref) &&
      ['queued', 'running', 'succeeded'].includes(build.progress.state),
  );
  if (same) return { is: 'known', build: same };
  const build: Build = {
    ...request,
    id,
    queuedAt: now.toISOString(),
    attempts: 0,
    steps: [],
    progress: { state: 'queued' },
  };
  const superseded = builds
    .filter(
      other =>
        other.progress.state === 'queued' &&
        other.repository === request.repository &&
        sameHead(other.ref, request.ref),
    )
    .map(
      (other): Build => ({
        ...other,
        progress: {
          state: 'superseded',
          endedAt: now.toISOString(),
          by: build.id,
        },
      }),
    );
  return { is: 'new', build, superseded };
}

/** The one that is built next: the oldest that waits. */
export function nextOf(builds: Build[]): Build | undefined {
  return builds
    .filter(build => build.progress.state === 'queued')
    .sort((a, b) => a.id.localeCompare(b.id))[0];
}

/** Longest number of beginnings: what ends the builder each time is not tried for ever. */
export const MOST_ATTEMPTS = 3;

/**
 * What becomes of a build whose builder ended while it ran, or that an outage broke: queued again, until it has been
 * begun often enough.
 */
export function afterInterruption(
  build: Build,
  problem: string,
  now: Date,
): Build {
  if (build.attempts < MOST_ATTEMPTS)
    return { ...build, steps: [], progress: { state: 'queued' } };
  return {
    ...build,
    progress: {
      state: 'error',
      endedAt: now.toISOString(),
      problem: `${problem} (tried ${build.attempts} times)`,
    },
  };
}

/** The tags that an image of this build gets: the commit, and the head that it was. */
export function tagsOf({ commit, ref }: Build): string[] {
  return [
    commit,
    ref.kind === 'pull-request' ? `pr-${ref.number}` : branchTag(ref.branch),
  ];
}

/** A branch's name as a tag: at most 128 letters, digits, dots, dashes and underscores, beginning with neither of the first two. */
export function branchTag(branch: string): string {
  return (
    branch
      .replace(/[^A-Za-z0-9_.-]+/g, '-')
      .replace(/^[.-]+/, '')
      .slice(0, 128) || 'branch'
  );
}

/** The build of this commit that pushed an image, whatever head it was for. */
export function builtBefore(build: Build, builds: Build[]): Build | undefined {
  return builds.find(
    other =>
      other.id !== build.id &&
      other.repository === build.repository &&
      other.commit === build.commit &&
      other.progress.state === 'succeeded' &&
      other.progress.image !== undefined,
  );
}

/**
 * Whether a build's state is what its commit should say. One commit can be the head of several branches and pull
 * requests: what is known of it is not taken back because it waits once more, or is not built for one of them.
 */
export function speaksForCommit(build: Build, builds: Build[]): boolean {
  const others = builds.filter(
    other =>
      other.id !== build.id &&
      other.repository === build.repository &&
      other.commit === build.commit,
  );
  switch (build.progress.state) {
    case 'superseded':
      return others.every(other => other.progress.state === 'superseded');
    case 'queued':
    case 'running':
      return others.every(other => other.progress.state !== 'succeeded');
    default:
      return true;
  }
}

/** The oldest ended builds beyond a number. */
export function toForget(builds: Build[], keep: number): Build[] {
  return builds
    .filter(hasEnded)
    .sort((a, b) => b.id.localeCompare(a.id))
    .slice(keep);
}

export function sameHead(a: BuildRef, b: BuildRef): boolean {
  if (a.kind === 'pull-request')
    return b.kind === 'pull-request' && a.number === b.number;
  return b.kind === 'branch' && a.branch === b.branch;
}
