/** What takes longer has failed; a lease is longer. */
const CALL_MS = 8_000;

/** @throws Error for a call that is not answered in time */
export async function within<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`nothing within ${CALL_MS / 1000} seconds`)),
      CALL_MS,
    );
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
