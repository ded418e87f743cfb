/**
 * Does some work that a person can interrupt, who is told by the work what becomes of it.
 *
 * @param work - given what is aborted when they do
 */
export async function untilInterrupted<T>(
  work: (signal: AbortSignal) => Promise<T>,
  signals: NodeJS.Signals[] = ['SIGINT'],
): Promise<T> {
  const abort = new AbortController();
  const interrupt = () => abort.abort();
  for (const signal of signals) process.once(signal, interrupt);
  try {
    return await work(abort.signal);
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupt);
  }
}
