import { ReceivedDelivery } from '@highroad/plugin-platform-node';
import { RepositoryName } from '@highroad/plugin-platform-node/git-hosts';

/** One pull request of a repository. */
export interface PullRequestName extends RepositoryName {
  number: number;
}

/** A pull request as its host has it now. */
export interface PullRequest extends PullRequestName {
  title: string;
  /** The host's number of the repository: under its name there may be another one day */
  repositoryId: number;
  /** The page a person opens */
  url: string;
  /** `closed` only where the host said so of this very pull request */
  state: 'open' | 'closed';
  merged: boolean;
  branch: string;
  /** Newest commit, whole */
  commit: string;
  /** Whether its commits come from another repository, also one that is gone */
  fork: boolean;
  author: string;
  /** ISO 8601, by the host's clock; later after a commit or a comment */
  updatedAt: string;
}

/** That a pull request has changed, and when. Nothing that was made for one is ended by this. */
export interface ChangedPullRequest extends PullRequestName {
  state: 'open' | 'closed';
  /** ISO 8601, by the host's clock */
  updatedAt: string;
}

/** A comment under a pull request. */
export interface PullRequestComment {
  id: string;
  author: string;
  body: string;
  /** ISO 8601, by the host's clock */
  createdAt: string;
  updatedAt: string;
  /** Whether the platform wrote it */
  own: boolean;
}

/** What a commit's page shows. */
export interface CommitStatus {
  state: 'pending' | 'success' | 'failure' | 'error';
  /** By which it replaces an earlier one */
  context: string;
  /** At most 140 characters */
  description: string;
  /** Where to read more */
  url?: string;
}

/** What a delivery of a webhook says: that it is time to look at a pull request. Nothing of it is believed. */
export interface WebhookHint extends PullRequestName {
  event:
    | 'opened'
    | 'synchronized'
    | 'reopened'
    | 'closed'
    | 'edited'
    | 'commented';
}

/** A webhook's delivery as it came. */
export type WebhookDelivery = Pick<ReceivedDelivery, 'body' | 'header'>;

/** The small faces that people put under comments, on all hosts. */
export type Reaction = '+1' | '-1' | 'eyes' | 'confused';

/**
 * A Git host, as far as environments of pull requests need it. What cannot be told for certain is an error, never an
 * answer: see `gitHostErrors.ts` of platform-node. No method takes what fails for "closed" or "not there".
 */
export interface PullRequestHost {
  /** As under `integrations` in app-config */
  readonly host: string;
  readonly kind: 'github' | 'gitea';

  /** The address of a repository's page */
  repositoryUrl(repository: RepositoryName): string;

  /** The address of a commit's page */
  commitUrl(repository: RepositoryName, commit: string): string;

  /** @returns whether this delivery was signed with the secret of this host's webhooks */
  isSigned(delivery: WebhookDelivery): boolean;

  /**
   * @returns undefined for what is about no pull request, or changes nothing here
   * @throws InputError for a delivery in another shape than the host documents
   */
  hintIn(delivery: WebhookDelivery): WebhookHint | undefined;

  /** @throws GitHostNotFoundError where the host shows no such pull request, which does not mean that it is closed */
  pullRequest(
    name: PullRequestName,
    signal?: AbortSignal,
  ): Promise<PullRequest>;

  /**
   * Every open pull request of a repository, or none at all if a page fails or is cut off.
   *
   * @throws GitHostAnswerError where pages do not add up
   */
  openPullRequests(
    repository: RepositoryName,
    signal?: AbortSignal,
  ): Promise<PullRequest[]>;

  /**
   * Pull requests of all repositories of an owner that have changed since then, whatever their state: the newest, as many
   * as one page holds. What is not among them may have changed all the same.
   */
  changedPullRequests(
    owner: string,
    since: Date,
    signal?: AbortSignal,
  ): Promise<ChangedPullRequest[]>;

  /**
   * @param path - below the repository's root
   * @returns undefined where the commit has no such file
   * @throws GitHostAnswerError where it is larger than 256 KiB
   */
  file(
    repository: RepositoryName,
    at: { path: string; commit: string },
    signal?: AbortSignal,
  ): Promise<string | undefined>;

  /**
   * Comments that are new or were changed since then, the oldest first.
   *
   * @param since - ISO 8601, by the host's clock; all if left out
   */
  comments(
    name: PullRequestName,
    since?: string,
    signal?: AbortSignal,
  ): Promise<PullRequestComment[]>;

  /**
   * Sees to it that the pull request has exactly one comment of ours with this marker, and that it says this. A second one,
   * left by a crash at the worst moment, is removed.
   *
   * @param known - id that it had the last time; only looked for where it is not there any more
   * @returns the comment as it is now
   */
  upsertComment(
    name: PullRequestName,
    comment: { marker: string; body: string; known?: string },
    signal?: AbortSignal,
  ): Promise<PullRequestComment>;

  /** Puts a face under a comment; twice is as good as once. */
  react(
    name: PullRequestName,
    reaction: { comment: string; content: Reaction },
    signal?: AbortSignal,
  ): Promise<void>;

  setCommitStatus(
    repository: RepositoryName,
    commit: string,
    status: CommitStatus,
    signal?: AbortSignal,
  ): Promise<void>;

  /** Whether a person may push to the repository. */
  hasWriteAccess(
    repository: RepositoryName,
    person: string,
    signal?: AbortSignal,
  ): Promise<boolean>;
}

/** How a hidden line by which a comment is found again is written. */
export function hidden(marker: string): string {
  return `<!-- ${marker} -->`;
}

/** Such as `acme/cart#12`. */
export function pullRequestText({ owner, name, number }: PullRequestName) {
  return `${owner}/${name}#${number}`;
}
