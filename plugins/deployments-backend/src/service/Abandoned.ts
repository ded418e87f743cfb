import { HeldRow, WorkStore } from '../database/WorkStore';
import { LEASE_MS, RENEW_MS } from '../database/lease';

/** So many renewals may fail to be seen before a lease that is over by the clock counts as over. */
const MISSED = 3;

/**
 * Knows what workers have left behind, whatever their clocks said. A worker that lives writes again every few seconds;
 * times are compared with the clock of who reads them, which may be another one.
 */
export class Abandoned {
  readonly #elapsed: () => number;
  readonly #work: Pick<WorkStore, 'farAhead' | 'letGoOf'>;
  readonly #marks = new Map<string, { mark: string; since: number }>();

  /** @param options.elapsed - milliseconds since any time, by a clock that nobody sets */
  constructor(options: {
    elapsed: () => number;
    work: Pick<WorkStore, 'farAhead' | 'letGoOf'>;
  }) {
    this.#elapsed = options.elapsed;
    this.#work = options.work;
  }

  /** Whether nobody has written to it for a few renewals, so that its lease, which the clock says is over, is. */
  isOver(row: HeldRow): boolean {
    return this.#unmovedMs(row) >= MISSED * RENEW_MS;
  }

  /**
   * Frees what says that it is held, or due, at a time that is long in coming, and what nobody has written to for the term
   * of a lease: its worker's clock was far ahead.
   *
   * @param now - ISO 8601
   */
  async freeFarAhead(now: string): Promise<void> {
    for (const row of await this.#work.farAhead(now)) {
      if (this.#unmovedMs(row) >= LEASE_MS) await this.#work.letGoOf(row, now);
    }
    // What was not looked at for so long has ended, or is well.
    for (const [id, { since }] of this.#marks) {
      if (this.#elapsed() - since > 10 * LEASE_MS) this.#marks.delete(id);
    }
  }

  #unmovedMs({ id, mark }: HeldRow): number {
    const at = this.#elapsed();
    const known = this.#marks.get(id);
    if (known?.mark === mark) return at - known.since;
    this.#marks.set(id, { mark, since: at });
    return 0;
  }
}
