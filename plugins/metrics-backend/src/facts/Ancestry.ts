import { Commit } from './ServiceEvents';

/** Commits that may be new to an environment, by their hash. */
type Commits = Pick<
  ReadonlyMap<string, Pick<Commit, 'parents' | 'cut'>>,
  'get' | 'has'
>;

/** Which commits are new to an environment, as deployments come one after the other. */
export class Ancestry {
  readonly #commits: Commits;
  /** Commits that were deployed, with the deployment that first brought each */
  readonly #brought = new Map<string, string>();
  readonly #before: ReadonlySet<string>;
  #begun: boolean;

  /**
   * @param before.begun - a deployment before those that are told of brought commits
   * @param before.brought - commits that such ones brought, of those that are deployed again
   */
  constructor(
    commits: Commits,
    before: { begun: boolean; brought: ReadonlySet<string> } = {
      begun: false,
      brought: new Set(),
    },
  ) {
    this.#commits = commits;
    this.#begun = before.begun;
    this.#before = before.brought;
  }

  /** A deployment brought commits, so that the next one is no baseline. */
  get begun(): boolean {
    return this.#begun;
  }

  /** The deployment that brought a commit, if one did so far. */
  broughtBy(commit: string): string | undefined {
    return this.#brought.get(commit);
  }

  /**
   * What a deployment has and none before it had, as `git log it --not earlier…` says. Commits that nothing is known of end a line: what
   * is behind these may be new too, which is said by `cut`.
   */
  deploy(
    commit: string | undefined,
    deployment: string,
  ):
    | { state: 'known' | 'baseline'; commits: string[]; cut: boolean }
    | { state: 'no-commit' | 'unknown-commit' } {
    if (!commit) return { state: 'no-commit' };
    if (!this.#commits.has(commit) && !this.#before.has(commit)) {
      return { state: 'unknown-commit' };
    }
    const found: string[] = [];
    let cut = false;
    const waiting = [commit];
    while (waiting.length > 0) {
      const one = waiting.pop();
      if (one === undefined || this.#brought.has(one)) continue;
      const known = this.#commits.get(one);
      if (!known || this.#before.has(one)) continue;
      this.#brought.set(one, deployment);
      found.push(one);
      cut ||= known.cut ?? false;
      waiting.push(...known.parents);
    }
    const isFirst = !this.#begun;
    this.#begun = true;
    // Of what was there before the first, nobody asks what brought it.
    return isFirst
      ? { state: 'baseline', commits: found, cut: false }
      : { state: 'known', commits: found, cut };
  }
}
