/** Runs a task for each item, at most `width` at a time, and ends when all have; fails with the first failure. */
export async function inTurns<T>(
  width: number,
  items: T[],
  task: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift())
      await task(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
