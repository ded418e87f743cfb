import { throughIngress } from 'e2e/src/system/support/throughIngress';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request: when it was sent, in milliseconds since the beginning, whether it was answered well, and with what. */
export interface Asked {
  at: number;
  ok: boolean;
  /** Empty where nothing answered */
  body: string;
}

/** A client that asks a service all the time, each time on a connection of its own, until it is told to stop. */
export function keepAsking(
  ingress: { address: string; domain: string },
  request: { host: string; path: string; perSecond: number },
) {
  const { host, path, perSecond } = request;
  const began = performance.now();
  const since = () => performance.now() - began;
  const asked: Asked[] = [];
  const stopped = new AbortController();
  const asking = (async () => {
    const open: Array<Promise<void>> = [];
    for (let n = 0; !stopped.signal.aborted; n++) {
      const at = since();
      const answer = throughIngress(ingress, host, path);
      open.push(
        answer.then(
          ({ status, body }) =>
            void asked.push({ at, ok: status === 200, body }),
          () => void asked.push({ at, ok: false, body: '' }),
        ),
      );
      await sleep(Math.max(0, ((n + 1) * 1000) / perSecond - since()));
    }
    await Promise.all(open);
  })();
  return {
    since,
    async stop(): Promise<Asked[]> {
      stopped.abort();
      await asking;
      return asked;
    },
  };
}

/** How many of some requests were answered well. */
export function successes(name: string, requests: Asked[], goal?: string) {
  const good = requests.filter(one => one.ok).length;
  const value = (100 * good) / requests.length;
  return { name, value, unit: '%', goal, n: requests.length };
}
