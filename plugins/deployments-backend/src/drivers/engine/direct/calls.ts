import { LONGEST_CALL_MS } from '@highroad/plugin-deployments-node';

/** Begins a call that may be made of several requests, each only if `signal` is not aborted. */
export type Call = <T>(
  begin: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/**
 * Calls to a cluster by whoever may make them until `signal` is aborted. What has begun by then is waited for: it may have
 * its effect, and nobody else is to begin before.
 */
export function callsUntil(signal: AbortSignal): Call {
  return async begin => {
    signal.throwIfAborted();
    const late = AbortSignal.timeout(LONGEST_CALL_MS);
    const isLate = new Promise<never>((_, reject) => {
      late.addEventListener('abort', () =>
        reject(new Error('The cluster did not answer in time.')),
      );
    });
    return Promise.race([begin(AbortSignal.any([signal, late])), isLate]);
  };
}
