import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { PollingLoop } from '@highroad/plugin-platform-node';
import {
  DelayedError,
  RefusedError,
  SlackChannel,
} from '@highroad/plugin-platform-node/slack';
import { EnvironmentResources } from '../service/EnvironmentResources';
import {
  Announcement,
  AnnouncementStore,
  LostAnnouncementError,
} from './AnnouncementStore';
import { messageOf } from './messageOf';
import { occasionsOf } from './occasions';
import { OwnerChannels } from './OwnerChannels';

/** Longer than looking for a message and sending it takes. */
const LEASE_MS = 60_000;
const TICK_MS = 5_000;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;
/** After this, nobody wants to know any more. */
const GIVE_UP_MS = 24 * 3_600_000;
const AT_ONCE = 20;
/**
 * How long it is remembered at least what was told of one whose end nobody saw, as when no process ran. An environment that
 * is there keeps what was told of it, or it would be told again.
 */
const REMEMBERED_MS = 30 * 24 * 3_600_000;
const TIDY_MS = 3_600_000;

/**
 * Tells teams in Slack that an environment of theirs ends soon, or fails. No environment waits for it: it reads what the
 * controller has said of them, and tries again by itself while Slack is away.
 */
export class Announcer {
  readonly #channels: Pick<OwnerChannels, 'of'>;
  readonly #environments: EnvironmentResources;
  readonly #holder: string;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #portalUrl: string;
  readonly #random: () => number;
  readonly #slack: SlackChannel;
  readonly #store: AnnouncementStore;
  readonly #loop: PollingLoop;
  /** What this process has asked for already */
  readonly #wanted = new Map<string, Set<string>>();
  #unlisten = () => {};
  #complained = false;
  #tidiedAt = -Infinity;

  /** @param options.portalUrl - without a slash at its end */
  constructor(options: {
    channels: Pick<OwnerChannels, 'of'>;
    environments: EnvironmentResources;
    /** Of this process, unlike any other's */
    holder: string;
    logger: LoggerService;
    now: () => Date;
    portalUrl: string;
    /** From 0 to 1 */
    random: () => number;
    slack: SlackChannel;
    store: AnnouncementStore;
  }) {
    this.#channels = options.channels;
    this.#environments = options.environments;
    this.#holder = options.holder;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#portalUrl = options.portalUrl;
    this.#random = options.random;
    this.#slack = options.slack;
    this.#store = options.store;
    this.#loop = new PollingLoop({
      turn: async () => {
        await this.tell();
        await this.tidy();
      },
      onError: error => this.#complain(stringifyError(error)),
      pauseMs: TICK_MS,
    });
  }

  start(): void {
    this.#unlisten = this.#environments.onChange(change => {
      const done =
        change.type === 'gone'
          ? this.#forget(change.uid)
          : this.want(change.resource);
      done.catch(error => this.#complain(stringifyError(error)));
    });
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await this.#loop.stop();
  }

  /** Has what there is to tell of an environment told. */
  async want(resource: Parameters<typeof occasionsOf>[0]): Promise<void> {
    const { home, name, uid } = resource;
    for (const { id, afterMs } of occasionsOf(resource)) {
      const before = this.#wanted.get(uid) ?? new Set();
      if (before.has(id)) continue;
      await this.#store.want(
        { ...{ uid, home, name }, occasion: id },
        { now: this.#in(0), dueAt: this.#in(afterMs) },
      );
      this.#wanted.set(uid, before.add(id));
      this.#loop.wake();
    }
  }

  /** Tells what is due. */
  async tell(): Promise<void> {
    const due = await this.#store.claim({
      ...{ holder: this.#holder, limit: AT_ONCE },
      ...{ now: this.#in(0), until: this.#in(LEASE_MS) },
    });
    for (const one of due) {
      if (this.#loop.signal.aborted) return;
      try {
        await this.#deliver(one);
      } catch (error) {
        if (!(error instanceof LostAnnouncementError)) throw error;
      }
    }
  }

  /** Forgets what was told long ago of environments that are not there any more, once an hour. */
  async tidy(): Promise<void> {
    const now = this.#now().getTime();
    if (now - this.#tidiedAt < TIDY_MS) return;
    if (this.#environments.notConnected()) return;
    const old = await this.#store.toldBefore(this.#in(-REMEMBERED_MS));
    for (const { uid, home, name } of old) {
      if (this.#loop.signal.aborted) return;
      const there = await this.#environments.find({ home, name });
      if (there?.uid !== uid) await this.#forget(uid);
    }
    this.#tidiedAt = now;
  }

  async #deliver(one: Announcement): Promise<void> {
    const { home, name, uid, occasion: id } = one;
    if (this.#environments.notConnected()) {
      await this.#later(one, one.attempted, TICK_MS);
      return;
    }
    const resource = await this.#environments.find({ home, name });
    const occasion =
      resource?.uid === uid
        ? occasionsOf(resource).find(known => known.id === id)
        : undefined;
    if (!resource || !occasion) {
      this.#wanted.get(uid)?.delete(id);
      await this.#store.drop(one, this.#holder);
      return;
    }
    let { attempted } = one;
    try {
      const channel = await this.#channels.of(
        resource.status.owner ?? resource.spec?.owner,
      );
      const message = messageOf(resource, occasion, this.#portalUrl);
      const sent =
        channel && attempted
          ? await this.#slack.find(channel, message.marker, one.since)
          : undefined;
      if (channel && !sent) {
        await this.#store.attempting(one, this.#holder, this.#in(LEASE_MS));
        attempted = true;
        await this.#slack.post(channel, message);
      }
      await this.#store.told(one, this.#holder, this.#in(0));
      this.#complained = false;
    } catch (error) {
      if (error instanceof LostAnnouncementError) throw error;
      await this.#failed(one, error, attempted);
    }
  }

  async #failed(
    one: Announcement,
    error: unknown,
    attempted: boolean,
  ): Promise<void> {
    this.#complain(`${one.name}, ${one.occasion}: ${stringifyError(error)}`);
    const age = this.#now().getTime() - Date.parse(one.since);
    if (age > GIVE_UP_MS) {
      await this.#store.told(one, this.#holder, this.#in(0));
      return;
    }
    const pause = Math.min(
      LONGEST_PAUSE_MS,
      FIRST_PAUSE_MS * 2 ** Math.min(one.tries, 20),
    );
    await this.#later(
      one,
      // What was refused did not arrive, unless an earlier one did.
      error instanceof RefusedError ? one.attempted : attempted,
      error instanceof DelayedError
        ? error.afterMs
        : pause * (0.75 + this.#random() / 2),
    );
  }

  #later(one: Announcement, attempted: boolean, ms: number): Promise<void> {
    return this.#store.postpone(one, this.#holder, {
      ...{ attempted, dueAt: this.#in(ms) },
    });
  }

  async #forget(uid: string): Promise<void> {
    this.#wanted.delete(uid);
    await this.#store.forget(uid);
  }

  #complain(what: string): void {
    const told = `Slack could not be told of an environment: ${what}. It is tried again for a day; no environment waits for it.`;
    if (this.#complained) this.#logger.debug(told);
    else this.#logger.warn(told);
    this.#complained = true;
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}
