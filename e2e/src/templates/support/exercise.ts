import { Combination } from './combinations';
import { RunningService } from './runningService';

/** What a service answers to show that it does its work. */
export const EXPECTED: Record<Combination['type'], string> = {
  api: '"name":"first"',
  web: '<div id="root">',
  // A worker is asked by nobody; its metrics show that it looks for work.
  worker: 'jobs_processed_total',
};

/** Uses a service once for what it is there for. */
export async function exercise(
  type: Combination['type'],
  { url, answers }: RunningService,
): Promise<string> {
  if (type === 'worker') return answers('/metrics', 200);
  if (type === 'web') return answers('/any/path', 200);
  const created = await fetch(`${url}/v1/items`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'first' }),
  });
  if (created.status !== 201) {
    throw new Error(`Creating answered ${created.status}`);
  }
  return answers('/v1/items', 200);
}
