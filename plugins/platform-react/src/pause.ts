/** Waits, or less long where it is no longer wanted. */
export function pause(
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise(resolve => {
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
    function end() {
      clearTimeout(timer);
      // A page that is open for days waits often.
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}
