import { HeldRow, WorkStore } from '../database/WorkStore';
import { LEASE_MS, MISSED_MS } from '../database/lease';
import { Unmoved } from './Unmoved';

/** Knows what workers have left behind, whatever their clocks said. */
export class Abandoned {
  readonly #unmoved: Unmoved;
  readonly #work: Pick<WorkStore, 'farAhead' | 'letGoOf'>;

  /** @param options.elapsed - milliseconds since any time, by a clock that nobody sets */
  constructor(options: {
    elapsed: () => number;
    work: Pick<WorkStore, 'farAhead' | 'letGoOf'>;
  }) {
    this.#unmoved = new Unmoved(options.elapsed);
    this.#work = options.work;
  }

  /** Whether nobody has written to it for a few renewals, so that its lease, which the clock says is over, is. */
  isOver({ id, mark }: HeldRow): boolean {
    return this.#unmoved.ms(id, mark) >= MISSED_MS;
  }

  /**
   * Frees what says that it is held, or due, at a time that is long in coming, and what nobody has written to for the term
   * of a lease: its worker's clock was far ahead.
   *
   * @param now - ISO 8601
   */
  async freeFarAhead(now: string): Promise<void> {
    for (const row of await this.#work.farAhead(now)) {
      if (this.#unmoved.ms(row.id, row.mark) >= LEASE_MS) {
        await this.#work.letGoOf(row, now);
      }
    }
    // What was not looked at for so long has ended, or is well.
    this.#unmoved.forgetAfter(10 * LEASE_MS);
  }
}
