import { ChainEnd } from '@highroad/plugin-audit-common';
import { setTimeout } from 'node:timers/promises';

/** Where the chain is, as far as this process has seen, and a way to wait for more. */
export class HeadWatch {
  #head: ChainEnd | undefined;
  readonly #waiting = new Set<() => void>();

  /** The furthest end seen. Kept in memory only, where nobody who changes the database can change it. */
  get head(): ChainEnd | undefined {
    return this.#head;
  }

  advance(head: ChainEnd): void {
    if (head.seq <= (this.#head?.seq ?? 0)) return;
    this.#head = head;
    for (const wake of this.#waiting) wake();
  }

  /** Waits until the chain grows, for so long at most, or until nobody wants to know any more. */
  async next(milliseconds: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#waiting.add(wake);
    try {
      await setTimeout(milliseconds, undefined, {
        signal: AbortSignal.any([signal, woken.signal]),
      });
    } catch {
      // It grew, or nobody wants to know.
    } finally {
      this.#waiting.delete(wake);
    }
  }
}
