/**
 * Reads so many characters of a stream before it is handed on, so that what is wrong with its beginning, or with all of a
 * short one, is said instead of the answer and not in the middle of it.
 *
 * @throws what the stream throws within them
 */
export async function readAhead(
  pieces: AsyncIterable<string>,
  characters: number,
): Promise<AsyncIterable<string>> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first: string[] = [];
  let read = 0;
  let ended = false;
  while (!ended && read < characters) {
    const step = await iterator.next();
    if (step.done) {
      ended = true;
    } else {
      first.push(step.value);
      read += step.value.length;
    }
  }
  async function* all() {
    try {
      yield* first;
      while (!ended) {
        const step = await iterator.next();
        if (step.done) ended = true;
        else yield step.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return all();
}
