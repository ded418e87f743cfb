import {
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';

/** The registry answered, and has no such image. */
export class ImageNotFoundError extends NotFoundError {
  readonly reason = 'not-found';

  /** @param nearTags - tags of the same image that may have been meant, nearest first */
  constructor(message: string, readonly nearTags: string[]) {
    super(message);
  }
}

/** The registry does not let the platform read the image. */
export class RegistryUnauthorizedError extends NotAllowedError {
  readonly reason = 'unauthorized';
}

/** The registry answers, and asks to be left alone for a while. */
export class RegistryRateLimitedError extends ServiceUnavailableError {
  readonly reason = 'rate-limited';

  /** @param retryAfterSeconds - how long it asks for; undefined where it does not say */
  constructor(message: string, readonly retryAfterSeconds?: number) {
    super(message);
  }
}

/** The registry is gone, too slow, or failing. Says nothing about the image. */
export class RegistryUnavailableError extends ServiceUnavailableError {
  readonly reason = 'unavailable';
}

/** The registry answered something that is no image which can be run. */
export class UnusableImageError extends InputError {
  readonly reason = 'unusable';
}

/** What may come of asking a registry, told apart by `reason`. */
export type RegistryError =
  | ImageNotFoundError
  | RegistryUnauthorizedError
  | RegistryRateLimitedError
  | RegistryUnavailableError
  | UnusableImageError;

export function isRegistryError(error: unknown): error is RegistryError {
  return (
    error instanceof ImageNotFoundError ||
    error instanceof RegistryUnauthorizedError ||
    error instanceof RegistryRateLimitedError ||
    error instanceof RegistryUnavailableError ||
    error instanceof UnusableImageError
  );
}
