import { isRegistryError, RegistryUnavailableError } from './registryErrors';

/**
 * Does some asking of a registry within a total time, however many requests it takes, and says in the platform's words
 * what went wrong outside of it.
 *
 * @param signal - of whoever waits; its reason is thrown as it is
 * @throws RegistryUnavailableError when the time is over or the registry cannot be reached
 */
export async function withinDeadline<T>(
  options: {
    /** Whom it is, for the message */
    registry: string;
    /** What is asked, such as `the image ghcr.io/acme/cart:1.2.3` */
    asked: string;
    timeoutMs: number;
    signal?: AbortSignal;
  },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { registry, asked, timeoutMs, signal } = options;
  const late = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  try {
    either.throwIfAborted();
    return await work(either);
  } catch (error) {
    signal?.throwIfAborted();
    if (isRegistryError(error)) throw error;
    const why = late.aborted
      ? `did not answer within ${timeoutMs / 1000} s`
      : `does not answer (${causeOf(error)})`;
    throw new RegistryUnavailableError(
      `The registry ${registry} ${why}, asked for ${asked}. Nothing was changed; try again when it is well.`,
    );
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error)
    return 'code' in cause && typeof cause.code === 'string'
      ? cause.code
      : cause.message;
  return error.message;
}
