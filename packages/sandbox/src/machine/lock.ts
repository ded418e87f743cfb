import { lock, LockOptions } from 'proper-lockfile';

/**
 * Does something that only one process may do at a time.
 *
 * @param file - what is locked; need not be there
 * @param options.lost - what is said when the lock is taken away meanwhile, because its folder was removed
 * @param work - given a signal that aborts when that happens; it then ends what it does
 * @throws Error with `code` ELOCKED when another has it and the retries are used up
 */
export async function whileLocked<T>(
  file: string,
  options: Pick<
    LockOptions,
    'stale' | 'update' | 'retries' | 'lockfilePath'
  > & { lost: string },
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const { lost: message, ...locking } = options;
  const lost = new AbortController();
  const release = await lock(file, {
    realpath: false,
    ...locking,
    onCompromised: cause => lost.abort(new Error(message, { cause })),
  });
  try {
    return await work(lost.signal);
  } catch (error) {
    // Whatever failed then, failed because of it.
    throw lost.signal.aborted ? lost.signal.reason : error;
  } finally {
    if (!lost.signal.aborted) await release();
  }
}
