import { metricsOperations } from '@highroad/plugin-metrics-common';
import { OperationClient } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

const AT_ONCE = 500;
const aboutSchema = z.object({
  data: z.object({ service: z.string().min(1) }),
});

/** What became of all events. */
export interface Imported {
  accepted: number;
  duplicates: number;
  /** By the number of the event, counted from 1 */
  quarantined: Array<{ number: number; reason: string }>;
}

/** Sends events, many at once, each batch about one service. */
export class Batches {
  readonly #metrics: Pick<OperationClient<typeof metricsOperations>, 'ingest'>;
  readonly #onTaken: (taken: number) => void;
  readonly #waiting = new Map<
    string,
    Array<{ number: number; event: unknown }>
  >();
  readonly #done: Imported = { accepted: 0, duplicates: 0, quarantined: [] };
  #count = 0;

  /** @param onTaken - told how many there were so far */
  constructor(
    metrics: Pick<OperationClient<typeof metricsOperations>, 'ingest'>,
    onTaken: (taken: number) => void,
  ) {
    this.#metrics = metrics;
    this.#onTaken = onTaken;
  }

  /** @throws CliError for an event that does not say which service it is about */
  async add(event: unknown): Promise<void> {
    this.#count += 1;
    const about = aboutSchema.safeParse(event);
    if (!about.success) {
      throw new CliError(
        `Event ${this.#count} does not say which service it is about.`,
        {
          fix: 'Name it in "data.service" or the column "service", or with --service for a table.',
          exitCode: exitCodes.usage,
        },
      );
    }
    const { service } = about.data.data;
    const batch = this.#waiting.get(service) ?? [];
    batch.push({ number: this.#count, event });
    this.#waiting.set(service, batch);
    if (batch.length >= AT_ONCE) await this.#send(service);
    this.#onTaken(this.#count);
  }

  /** Sends what is left. */
  async end(): Promise<Imported> {
    for (const service of [...this.#waiting.keys()]) await this.#send(service);
    return this.#done;
  }

  async #send(service: string): Promise<void> {
    const batch = this.#waiting.get(service) ?? [];
    this.#waiting.delete(service);
    const taken = await this.#metrics.ingest({
      service,
      events: batch.map(one => one.event),
    });
    this.#done.accepted += taken.accepted;
    this.#done.duplicates += taken.duplicates;
    for (const { index, reason } of taken.quarantined) {
      this.#done.quarantined.push({ number: batch[index].number, reason });
    }
  }
}
