import { ChainEnd } from '@highroad/plugin-audit-common';

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
    if (signal.aborted) return;
    await new Promise<void>(resolve => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal.addEventListener('abort', end);
      this.#waiting.add(end);
    });
  }
}
