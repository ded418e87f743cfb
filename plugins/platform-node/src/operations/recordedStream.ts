/** Records how a stream ended: sent whole, broken, or left by its reader, also before its first piece. */
export function recordedStream(
  pieces: AsyncIterable<string>,
  end: {
    succeeded: () => Promise<void>;
    failed: (error: unknown) => Promise<never>;
    signal: AbortSignal;
  },
): AsyncIterable<string> {
  const { succeeded, failed, signal } = end;
  let begun = false;
  const leave = (when: string) =>
    failed(new Error(`The reader left before the ${when}.`)).catch(() => {
      // It is recorded; there is nobody to tell.
    });
  // A stream that nobody asks a piece of never runs, and so never ends.
  const leftUnread = () => {
    if (begun) return;
    begun = true;
    void leave('beginning');
  };
  if (signal.aborted) leftUnread();
  else signal.addEventListener('abort', leftUnread, { once: true });

  async function* read() {
    if (begun) return;
    begun = true;
    let recorded = false;
    try {
      yield* pieces;
      recorded = true;
      await succeeded();
    } catch (error) {
      recorded = true;
      await failed(error);
    } finally {
      if (!recorded) await leave('end');
    }
  }
  return read();
}
