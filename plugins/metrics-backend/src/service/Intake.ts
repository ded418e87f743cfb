import {
  MetricEvent,
  metricEventSchema,
  problemsOf,
  Quarantined,
} from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { LedgerStore } from '../database/LedgerStore';
import { Bad, QuarantineStore } from '../database/QuarantineStore';
import { aboutOf } from '../facts/about';
import { isOwnSource } from '../facts/ownSource';
import { fromCDEvent, namesOfCDEvent } from './cdEvents';

/** Makes events of what a source sent, or says why it cannot. */
export type Translator = (
  payload: unknown,
) => Promise<object[] | { reason: string } | undefined>;

/** What became of a list of events. */
export interface Taken {
  accepted: number;
  duplicates: number;
  quarantined: Array<{ index: number; reason: string }>;
}

const namesSchema = z.object({
  id: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
});

/** Clocks differ; what is further ahead would stand in numbers of days that nobody has seen, and be taken for the latest until then. */
const MOST_AHEAD_MS = 86_400_000;
/** Types of what a token of a service may tell: not whose it is, since that is whose numbers these are. */
const MACHINES_TELL =
  /\.(?:deployment\.finished|commit\.made|change\.merged|incident\.(?:detected|resolved)|ticket\.(?:created|closed))\./;
const COMMIT = 'com.myorg.platform.commit.made.1';
const TOLD_ITSELF =
  'data.revision: this platform told of it itself, which is corrected by people who may tell of events, and not by a pipeline';
const CONFLICT =
  'an event of this source and id is known with another content; the first one stays. A correction is an event with an id of its own and a higher data.revision, such as 1';

/** Takes events into the ledger, or into the quarantine with the reason. Whatever comes twice is taken once. */
export class Intake {
  readonly #db: Knex;
  readonly #ledger: LedgerStore;
  readonly #quarantine: QuarantineStore;
  readonly #now: () => Date;
  readonly #onTaken: () => void;
  readonly #onQuarantine: () => void;
  readonly #translators = new Map<string, Translator>();

  constructor(options: {
    db: Knex;
    ledger: LedgerStore;
    quarantine: QuarantineStore;
    now: () => Date;
    /** Told when there is something to compute */
    onTaken: () => void;
    /** Told when something came to the quarantine, or was tried again */
    onQuarantine?: () => void;
  }) {
    this.#db = options.db;
    this.#ledger = options.ledger;
    this.#quarantine = options.quarantine;
    this.#now = options.now;
    this.#onTaken = options.onTaken;
    this.#onQuarantine = options.onQuarantine ?? (() => {});
  }

  /** Says how what a source sends becomes events, so that it can be tried again as it came. */
  addTranslator(source: string, translate: Translator): void {
    this.#translators.set(source, translate);
  }

  /**
   * @param options.source - who sent it, where an event does not say so
   * @param options.service - the only service that they may be about
   * @param options.firstStays - an id that is known is the same event, whatever is made of it now, and no conflict
   * @param options.within - done in the same transaction, such as to go on from there
   */
  async take(
    events: unknown[],
    options: {
      source: string;
      service?: string;
      example?: boolean;
      firstStays?: boolean;
      within?: (transaction: Knex.Transaction) => Promise<void>;
    },
  ): Promise<Taken> {
    const moment = this.#now();
    const now = moment.toISOString();
    const { service } = options;
    let good: Array<{ event: MetricEvent; index: number }> = [];
    const bad: Array<Bad & { index: number }> = [];
    events.forEach((payload, index) => {
      const read = readOne(payload, moment, options);
      if ('event' in read) good.push({ event: read.event, index });
      else {
        const { id, source } = namesOf(payload);
        bad.push({
          ...{ index, payload, reason: read.reason },
          // What was sent from outside is not taken for what a source of ours sent, whatever it says.
          source: options.service ? options.source : source ?? options.source,
          ...{ event: id, service: options.service },
        });
      }
    });
    for (const { event, index } of await this.#refused(good, options)) {
      bad.push({
        ...{ index, payload: event, reason: TOLD_ITSELF },
        ...{ source: options.source, event: event.id, service },
      });
    }
    const refused = new Set(bad.map(one => one.index));
    good = good.filter(one => !refused.has(one.index));
    const taken = await this.#db.transaction(async transaction => {
      const { accepted, duplicates, conflicts } = await this.#ledger.append(
        good.map(one => one.event),
        { now, example: options.example, transaction },
      );
      const others = options.firstStays ? [] : conflicts;
      for (const at of others) {
        const { event, index } = good[at];
        bad.push({
          ...{ index, payload: event, reason: CONFLICT },
          source: options.service ? options.source : event.source,
          ...{ event: event.id, service: options.service },
        });
      }
      await this.#quarantine.add(bad, now, transaction);
      await options.within?.(transaction);
      const known = conflicts.length - others.length;
      return { accepted, duplicates: duplicates + known };
    });
    if (taken.accepted > 0) this.#onTaken();
    if (bad.length > 0) this.#onQuarantine();
    return {
      ...taken,
      quarantined: bad
        .map(({ index, reason }) => ({ index, reason }))
        .sort((a, b) => a.index - b.index),
    };
  }

  /**
   * Tries what is in the quarantine again.
   *
   * @param ids - all if left out
   * @throws NotFoundError for an id that is not there
   */
  async replay(
    ids?: string[],
  ): Promise<{ accepted: number; remaining: number }> {
    let accepted = 0;
    for (const id of ids ?? (await this.#quarantine.allIds())) {
      // Of all, those that somebody else has taken or dismissed meanwhile are none any more.
      const [one] = ids
        ? await this.#quarantine.get([id])
        : await this.#quarantine.find([id]);
      if (!one) continue;
      const failure = await this.#again(one);
      if (failure) await this.#quarantine.failedAgain(id, failure);
      else accepted += 1;
    }
    if (accepted > 0) this.#onTaken();
    this.#onQuarantine();
    return { accepted, remaining: await this.#quarantine.count() };
  }

  /** Of a pipeline, corrections of what this platform told of itself: it says what it did, and not what others did. */
  async #refused<T extends { event: MetricEvent }>(
    events: T[],
    { source, service }: { source: string; service?: string },
  ): Promise<T[]> {
    if (!service || isPerson(source)) return [];
    const corrections = events.filter(one => isCorrection(one.event));
    if (corrections.length === 0) return [];
    const told = await this.#ledger.toldItself(
      service,
      corrections.map(one => aboutOf(one.event)),
    );
    return corrections.filter(one => told.has(aboutOf(one.event)));
  }

  /** @returns why it still cannot be taken */
  async #again({
    id,
    source,
    service,
    payload,
    reason,
    cut,
  }: Quarantined): Promise<string | undefined> {
    if (cut) return reason;
    const sent = parseJson(payload);
    // What was made an event before it was refused is not made one again.
    const isEvent = metricEventSchema.safeParse(sent).success;
    const translate = isEvent ? undefined : this.#translators.get(source);
    const translated = await translate?.(sent);
    if (translated && 'reason' in translated) return translated.reason;
    const now = this.#now();
    const events: MetricEvent[] = [];
    for (const one of translated ?? [sent]) {
      const read = readOne(one, now, { source, service });
      if (!('event' in read)) return read.reason;
      events.push(read.event);
    }
    const told = events.map(event => ({ event }));
    if ((await this.#refused(told, { source, service })).length > 0) {
      return TOLD_ITSELF;
    }
    const { conflicts } = await this.#db.transaction(async transaction => {
      const appended = await this.#ledger.append(events, {
        now: now.toISOString(),
        transaction,
      });
      if (appended.conflicts.length === 0) {
        await this.#quarantine.remove([id], transaction);
      }
      return appended;
    });
    return conflicts.length > 0 ? CONFLICT : undefined;
  }
}

/** Events that correct others. */
function isCorrection({ data }: MetricEvent): boolean {
  return 'revision' in data && (data.revision ?? 0) > 0;
}

function readOne(
  payload: unknown,
  now: Date,
  { source: by, service }: { source: string; service?: string },
): { event: MetricEvent } | { reason: string } {
  // Whoever tells of no service in particular is one of our own sources, which speak our own words.
  const translated =
    service === undefined ? undefined : fromCDEvent(payload, service);
  if (translated && 'reason' in translated) return translated;
  const read = metricEventSchema.safeParse(translated?.event ?? payload);
  if (!read.success) return { reason: problemsOf(read.error) };
  const event = untilNow(read.data, now);
  const { source, time } = event;
  if (Date.parse(time) > now.getTime() + MOST_AHEAD_MS) {
    return {
      reason: `time: ${time} is more than a day ahead of now; set the clock of the sender, and send it with its time. As it is, it can be taken from a day before that time on`,
    };
  }
  if (service && isOwnSource(source)) {
    return {
      reason: `source: ${source} is this platform's own; take another`,
    };
  }
  if (service && event.data.service !== service) {
    return {
      reason: `it is about ${event.data.service}, and was sent as one about ${service}`,
    };
  }
  if (service && !isPerson(by) && !MACHINES_TELL.test(event.type)) {
    return {
      reason: `type: ${event.type} is not taken from a pipeline, which tells of deployments, commits, changes, incidents and tickets of its service. Who owns it, and since when there is one, is read from the catalog`,
    };
  }
  return { event: service ? asOfOutside(event) : event };
}

/**
 * Whoever wrote a commit may have had any clock: it was made at the latest now. When it says that it was written stays, so that its lead
 * time is left out where it is negative.
 */
function untilNow(event: MetricEvent, now: Date): MetricEvent {
  return event.type === COMMIT && Date.parse(event.time) > now.getTime()
    ? { ...event, time: now.toISOString() }
    : event;
}

/** @param by - who sent it, as the audit ledger names them */
function isPerson(by: string): boolean {
  return by.startsWith('user:');
}

/**
 * Whoever may tell of one service does not say what the platform did: that is told by its own feed. And they know the environment of their
 * incident.
 */
function asOfOutside(event: MetricEvent): MetricEvent {
  switch (event.type) {
    case 'com.myorg.platform.deployment.finished.1': {
      const { platform: _, ...data } = event.data;
      return { ...event, data };
    }
    case 'dev.cdevents.incident.detected.0.2.0':
    case 'dev.cdevents.incident.resolved.0.2.0': {
      const { ofProduction: _, ...data } = event.data;
      return { ...event, data };
    }
    default:
      return event;
  }
}

function namesOf(payload: unknown): { id?: string; source?: string } {
  const ofSpecification = namesOfCDEvent(payload);
  if (ofSpecification) return ofSpecification;
  const read = namesSchema.safeParse(payload);
  return read.success ? read.data : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
