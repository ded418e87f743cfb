/**
 * Says again and again that work is under way, so that it need not be said for long beforehand: where the process is gone, it is
 * soon known.
 *
 * @param options.everyMs - milliseconds between two beats; none while one is under way
 * @param options.onError - told of a beat that failed; the work goes on
 */
export async function withHeartbeat<T>(
  options: {
    everyMs: number;
    beat: () => Promise<unknown>;
    onError: (error: unknown) => void;
  },
  work: () => Promise<T>,
): Promise<T> {
  const { everyMs, beat, onError } = options;
  let beating: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    beating ??= beat()
      .catch(onError)
      .finally(() => {
        beating = undefined;
      });
  }, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    // What is said after this is not said over by a beat that was late.
    await beating;
  }
}
