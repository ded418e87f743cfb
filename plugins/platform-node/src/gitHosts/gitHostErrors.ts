import {
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';

/** The host shows no such thing: it is not there, or the platform's user may not see it. */
export class GitHostNotFoundError extends NotFoundError {
  readonly reason = 'not-found';
}

/** The host does not take the platform's credentials, or they may not do this. */
export class GitHostRefusedError extends NotAllowedError {
  readonly reason = 'refused';
}

/** The host wants to be asked less. */
export class GitHostRateLimitedError extends ServiceUnavailableError {
  readonly reason = 'rate-limited';

  /** @param retryAfterMs - how long it wants to be left alone; undefined where it does not say */
  constructor(message: string, readonly retryAfterMs?: number) {
    super(message);
  }
}

/** The host is away, too slow, or failing. */
export class GitHostUnavailableError extends ServiceUnavailableError {
  readonly reason = 'unavailable';
}

/** The host said "well done" and sent something else than it documents: cut off, empty, or about another thing. */
export class GitHostAnswerError extends ServiceUnavailableError {
  readonly reason = 'answer';
}

export type GitHostError =
  | GitHostNotFoundError
  | GitHostRefusedError
  | GitHostRateLimitedError
  | GitHostUnavailableError
  | GitHostAnswerError;

export function isGitHostError(error: unknown): error is GitHostError {
  return (
    error instanceof GitHostNotFoundError ||
    error instanceof GitHostRefusedError ||
    error instanceof GitHostRateLimitedError ||
    error instanceof GitHostUnavailableError ||
    error instanceof GitHostAnswerError
  );
}
