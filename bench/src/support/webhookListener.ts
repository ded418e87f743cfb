import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const openedSchema = z.object({
  action: z.literal('opened'),
  number: z.number(),
});
const LONGEST_MS = 60_000;

/** Hears what a Git host tells of pull requests, and when. */
export async function webhookListener() {
  const heard = new Map<number, number>();
  const server = createServer(async (request, response) => {
    const at = performance.now();
    const told = openedSchema.safeParse(JSON.parse(await text(request)));
    // It tells of other things, too.
    if (told.success) heard.set(told.data.number, at);
    response.end();
  });
  await new Promise<void>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve()),
  );
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('No port.');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    /** When it was told that this pull request is open, by the clock of `performance` */
    async opened(number: number): Promise<number> {
      const until = performance.now() + LONGEST_MS;
      for (;;) {
        const at = heard.get(number);
        if (at !== undefined) return at;
        if (performance.now() > until) {
          throw new Error(`No webhook told of pull request ${number}.`);
        }
        await sleep(20);
      }
    },
    stop: () => server.close(),
  };
}
