import {
  AuditorService,
  AuditorServiceEvent,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { AuditContext, Door } from '@highroad/plugin-platform-common';
import { Request } from 'express';

/** How many are recorded one by one, in how long. */
const MOST = 20;
const WINDOW_MS = 60_000;

/** What was refused to somebody who is not known. */
export interface Refusal {
  request?: Request;
  error: Error;
  /** Where several things are refused at one door: which */
  eventId?: string;
  about?: Pick<AuditContext, 'correlation' | 'service' | 'environment'>;
  meta?: JsonObject;
}

interface Window {
  recorded: number;
  counted: number;
  /** Stands for all that are only counted */
  summary?: Promise<AuditorServiceEvent | undefined>;
  cancel: () => void;
}

/**
 * Records what a door refuses to callers who are not known, such as a webhook whose signature does not fit. Anybody can
 * knock there as often as they like, so only the first ones of a minute have records of their own. One more is begun for
 * those that follow, and ends with their count when the minute does: where the process dies before, it stays as not ended.
 */
export class RefusalRecords {
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;
  readonly #door: Door;
  readonly #eventId: string;
  readonly #most: number;
  readonly #windowMs: number;
  readonly #after: (ms: number, then: () => void) => () => void;
  readonly #adding = new Set<Promise<void>>();
  #window: Window | undefined;

  constructor(options: {
    auditor: AuditorService;
    logger: LoggerService;
    /** Default: webhook */
    door?: Door;
    /** What is recorded where a refusal does not say it itself, and for those that are only counted */
    eventId: string;
    most?: number;
    windowMs?: number;
    /** Calls something later. Returns what keeps it from that. */
    after?: (ms: number, then: () => void) => () => void;
  }) {
    this.#auditor = options.auditor;
    this.#logger = options.logger;
    this.#door = options.door ?? 'webhook';
    this.#eventId = options.eventId;
    this.#most = options.most ?? MOST;
    this.#windowMs = options.windowMs ?? WINDOW_MS;
    this.#after = options.after ?? later;
  }

  /**
   * Records that somebody was refused. Never throws: a refusal stands whether it can be recorded or not.
   *
   * @param look - says what was refused; is called only where it has a record of its own
   */
  async add(look: Refusal | (() => Promise<Refusal>)): Promise<void> {
    const added = this.#add(look).catch(error => void this.#failed(error));
    this.#adding.add(added);
    await added;
    this.#adding.delete(added);
  }

  /** Records what was only counted up to now, and waits for what is being recorded. To be called when the backend stops. */
  async flush(): Promise<void> {
    await this.#endWindow();
    await Promise.all(this.#adding);
  }

  async #add(look: Refusal | (() => Promise<Refusal>)): Promise<void> {
    const window = this.#current();
    if (window.recorded < this.#most) {
      window.recorded++;
      const refusal = typeof look === 'function' ? await look() : look;
      const record = await this.#begin(refusal);
      await this.#end(record, refusal.error);
      return;
    }
    window.counted++;
    window.summary ??= this.#begin({
      meta: {
        furtherRefusals: `more than ${this.#most} in ${
          this.#windowMs / 1000
        } s: the rest is only counted`,
      },
    });
    await window.summary;
  }

  async #endWindow(): Promise<void> {
    const window = this.#window;
    if (!window) return;
    this.#window = undefined;
    window.cancel();
    const { counted, summary } = window;
    if (!summary) return;
    const error = new Error(`${counted} more were refused.`);
    await this.#end(await summary, error, { refused: counted });
  }

  #current(): Window {
    this.#window ??= {
      ...{ recorded: 0, counted: 0 },
      cancel: this.#after(this.#windowMs, () => void this.#endWindow()),
    };
    return this.#window;
  }

  async #begin({
    request,
    eventId = this.#eventId,
    about,
    meta,
  }: Omit<Refusal, 'error'>): Promise<AuditorServiceEvent | undefined> {
    const platform: AuditContext = {
      actor: { kind: 'none', ref: 'nobody' },
      ...{ door: this.#door, refused: true, ...about },
    };
    return this.#auditor
      .createEvent({
        ...{ eventId, severityLevel: 'high' },
        ...(request && { request: withoutSignIn(request) }),
        meta: { ...meta, platform: { ...platform } },
      })
      .catch(error => this.#failed(error));
  }

  async #end(
    record: AuditorServiceEvent | undefined,
    error: Error,
    meta: JsonObject = {},
  ): Promise<void> {
    await record?.fail({ error, meta }).catch(failure => this.#failed(failure));
  }

  #failed(error: unknown): undefined {
    this.#logger.error(
      `A refusal of ${this.#eventId} could not be recorded: ${stringifyError(
        error,
      )}`,
    );
    return undefined;
  }
}

/**
 * A request of nobody, whatever it is signed in with: who is refused here is not known, and whoever records it asks again who
 * that is, and would be refused in their place.
 */
function withoutSignIn(request: Request): Request {
  const { authorization, cookie, ...headers } = request.headers ?? {};
  return Object.create(request, { headers: { value: headers } });
}

function later(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  // What is left then is recorded when the backend stops.
  timer.unref();
  return () => clearTimeout(timer);
}
