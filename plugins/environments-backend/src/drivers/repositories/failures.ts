import { isError, ServiceUnavailableError } from '@backstage/errors';
import {
  BoundExceededError,
  nameOf,
  RepositoryLocation,
} from '@highroad/plugin-platform-node/git';

/** What a person has to change, by the errors of what reads and renders repositories. */
const TO_CHANGE = [
  'InputError',
  'NotFoundError',
  'NotAllowedError',
  'ConflictError',
];

/** Whether trying again helps nothing before a person has changed something. */
export function isToChange(error: unknown): error is Error {
  return isError(error) && TO_CHANGE.includes(error.name);
}

/** @returns what is to be thrown for an error of git at a repository: one that took too long may be read later */
export function gitError(
  error: unknown,
  location: RepositoryLocation,
): unknown {
  return error instanceof BoundExceededError
    ? new ServiceUnavailableError(
        `${nameOf(location)} could not be read in time: ${
          error.message
        } It is tried again.`,
      )
    : error;
}
