import { metricsOperations } from '@highroad/plugin-metrics-common';
import { OperationClient } from '@highroad/plugin-platform-common';
import { z } from 'zod';

const AT_ONCE = 500;
const aboutSchema = z.object({
  data: z.object({ service: z.string().min(1) }),
});

/** An event of the CDEvents specification, which has no reference of the catalog in it, alone or as the data of another. */
const specification = z.object({
  context: z.object({ type: z.string().startsWith('dev.cdevents.') }),
});
const specificationSchema = z.union([
  specification,
  z.object({ data: specification }),
]);

/** What became of all events. */
export interface Imported {
  accepted: number;
  duplicates: number;
  /** Not sent, since it is not known what they are of; by the number of the event, line or row, counted from 1 */
  unreadable: Array<{ number: number; reason: string }>;
  /** By the number of the event, line or row, counted from 1 */
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
  readonly #done: Imported = {
    ...{ accepted: 0, duplicates: 0 },
    ...{ unreadable: [], quarantined: [] },
  };
  #count = 0;

  /** @param onTaken - told how many there were so far */
  constructor(
    metrics: Pick<OperationClient<typeof metricsOperations>, 'ingest'>,
    onTaken: (taken: number) => void,
  ) {
    this.#metrics = metrics;
    this.#onTaken = onTaken;
  }

  /**
   * One that does not say which service it is about is kept apart, with the reason; the others are not held up by it.
   *
   * @param options.number - of what it is of; that of the event if left out
   * @param options.service - reference, for an event that has no place to name one
   */
  async add(
    event: unknown,
    options: { number?: number; service?: string } = {},
  ): Promise<void> {
    const { number = this.#count + 1 } = options;
    this.#count += 1;
    const service = serviceOf(event, options.service);
    if (!service) {
      this.#leaveOut(
        'it does not say which service it is about. Name it in "data.service" or the column "service", or with --service for a table and for events of CDEvents',
        number,
      );
      return;
    }
    const batch = this.#waiting.get(service) ?? [];
    batch.push({ number, event });
    this.#waiting.set(service, batch);
    if (batch.length >= AT_ONCE) await this.#send(service);
    this.#onTaken(this.#count);
  }

  /**
   * What is no event at all stands in the place of one.
   *
   * @param reason - none where it says nothing
   */
  addUnreadable(reason?: string): void {
    this.#count += 1;
    if (reason) this.#leaveOut(reason, this.#count);
  }

  #leaveOut(reason: string, number: number): void {
    this.#done.unreadable.push({ number, reason });
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

function serviceOf(event: unknown, given?: string): string | undefined {
  const about = aboutSchema.safeParse(event);
  if (about.success) return about.data.data.service;
  return specificationSchema.safeParse(event).success ? given : undefined;
}
