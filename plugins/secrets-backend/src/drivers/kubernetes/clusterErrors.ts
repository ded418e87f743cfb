import { ApiException } from '@kubernetes/client-node';

/** A cluster that does not do it now, in words that hold nothing of what was sent. */
export class ClusterError extends Error {}

/** A namespace of that name is there, and is somebody else's. */
export class ForeignNamespaceError extends ClusterError {}

/** What is there is not what was looked at, so that nothing was written. */
export class ChangedMeanwhileError extends ClusterError {}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiException && error.code === 409;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiException && error.code === 404;
}

export function isForbidden(error: unknown): boolean {
  return error instanceof ApiException && error.code === 403;
}

/** What codes mean to somebody who can mend it. The API server's own words may quote the Secret. */
const MEANINGS: Record<number, string> = {
  401: 'it does not know the platform’s token',
  403: 'the platform may not; its account needs to read, create and patch Secrets, and to patch workloads there',
  409: 'somebody else changed it at that moment',
  413: 'it would be larger than 1 MiB together, which is the most a Secret may be',
  422: 'it is not valid there; together a Secret may be 1 MiB',
  429: 'it is overloaded',
};

/** @param what - goes on from "could not" */
export function explainCluster(error: unknown, what: string): Error {
  if (error instanceof ApiException) {
    const meaning =
      MEANINGS[error.code] ??
      (error.code >= 500 ? 'it is not well' : 'it refused');
    return new ClusterError(
      `The cluster could not ${what}: ${meaning} (${error.code}).`,
    );
  }
  if (error instanceof ChangedMeanwhileError) {
    return new ChangedMeanwhileError(`Could not ${what}: ${error.message}`);
  }
  if (error instanceof ClusterError) {
    return new ClusterError(`Could not ${what}: ${error.message}`);
  }
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : 'no connection';
  if (error instanceof Error && error.name === 'NotFoundError') return error;
  return new ClusterError(`The cluster does not answer (${code}).`);
}
