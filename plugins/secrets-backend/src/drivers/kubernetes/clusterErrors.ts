import { ApiException } from '@kubernetes/client-node';

/** A cluster that does not do it now, in words that hold nothing of what was sent. */
export class ClusterError extends Error {}

/** It refuses what it is given, and will again until somebody changes something there. */
export class RefusedError extends ClusterError {}

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

/** It would be taken nowhere: it is not valid there. */
export function isInvalid(error: unknown): boolean {
  return error instanceof ApiException && error.code === 422;
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

/** By its name, what checks objects before they are kept; of what it says nothing is told, since that may quote the Secret. */
const CHECKED_BY = [
  /admission webhook \\*"([a-z0-9.-]{1,253})\\*" denied/,
  /ValidatingAdmissionPolicy '([a-z0-9.-]{1,253})'/,
];

/** @returns the name of the check that refused it, if one did */
function checkIn({ body }: ApiException<unknown>): string | undefined {
  const words = typeof body === 'string' ? body : JSON.stringify(body) ?? '';
  for (const check of CHECKED_BY) {
    const [, name] = check.exec(words) ?? [];
    if (name) return name;
  }
  return undefined;
}

/** @param what - goes on from "could not" */
export function explainCluster(error: unknown, what: string): Error {
  if (error instanceof ApiException) {
    const check = checkIn(error);
    if (check) {
      return new RefusedError(
        `The cluster could not ${what}: its check "${check}" refuses it (${error.code}). Whoever looks after the cluster knows what it asks for.`,
      );
    }
    const meaning =
      MEANINGS[error.code] ??
      (error.code >= 500 ? 'it is not well' : 'it refused');
    const words = `The cluster could not ${what}: ${meaning} (${error.code}).`;
    return [413, 422].includes(error.code)
      ? new RefusedError(words)
      : new ClusterError(words);
  }
  if (error instanceof ChangedMeanwhileError) {
    return new ChangedMeanwhileError(`Could not ${what}: ${error.message}`);
  }
  if (error instanceof RefusedError) {
    return new RefusedError(`Could not ${what}: ${error.message}`);
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
