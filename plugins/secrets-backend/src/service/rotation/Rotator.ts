import { LoggerService } from '@backstage/backend-plugin-api';
import { isError, stringifyError } from '@backstage/errors';
import { HeldRotation, RotationStore } from '../../database/RotationStore';
import { Maker, VersionStore } from '../../database/VersionStore';
import { pathOf, SecretPath } from '../../drivers/vault/SecretPath';
import { KeyFacts, SecretVault } from '../../drivers/vault/SecretVault';
import { withHeartbeat } from '../heartbeat';
import { Recorder } from '../Recorder';
import { Changed } from '../Changes';
import { SecretService } from '../SecretService';
import { checkVersion, newestIn } from '../seenVersion';
import { askGenerator } from './askGenerator';
import { Generators } from './Generators';
import { beforeWorks, beingReplaced, isOver, stillUsed } from './refusals';
import { Ending, Retirement } from './Retirement';
import { dueAfter, nextAllowed } from './schedule';

const HOUR_MS = 3_600_000;
/** So long after a worker is gone, others take what was its alone. While it works it says so three times as often. */
const LEASE_MS = 15_000;
const MOST_AT_ONCE = 20;
const MOST_BACKOFF_MS = HOUR_MS;
/** While programs still use the value before. */
const LOOK_AGAIN_MS = 60_000;
/** While the key is deleted. */
const PUT_BACK_MS = 600_000;
/** About two days, for a value before that fails to be ended where nothing is replaced any more. */
const MOST_TRIES_ENDED = 50;
const PLATFORM = 'plugin:secrets';

/** Tells whoever has to know what became of a value that is to be replaced. */
export interface RotationAlerts {
  failed(path: SecretPath, problem: string): Promise<void>;
  /** @param from - when its window opens */
  due(path: SecretPath, from: Date): Promise<void>;
  /** The value before may work for ever: it could not be ended, and is not tried again */
  left(path: SecretPath, problem: string): Promise<void>;
}

/** Whether all programs have the newest value. */
export interface Followers {
  /** @returns why not, in words; nothing if they do */
  behind(path: SecretPath): Promise<string | undefined>;
}

/** Replaces what is due, and ends what was replaced. Where that fails, the old value stays and is tried again. */
export class Rotator {
  readonly #alerts: RotationAlerts;
  readonly #followers: Followers;
  readonly #generators: Pick<Generators, 'get'>;
  readonly #isThere: (path: SecretPath) => Promise<boolean>;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #recorder: Recorder;
  readonly #retirement: Retirement;
  readonly #rotations: RotationStore;
  readonly #secrets: Pick<SecretService, 'bring' | 'set'>;
  readonly #vault: Pick<SecretVault, 'facts' | 'read'>;
  readonly #versions: Pick<VersionStore, 'author' | 'makers'>;

  constructor(options: {
    alerts: RotationAlerts;
    followers: Followers;
    generators: Pick<Generators, 'get'>;
    /** Whether its service and its environment still are */
    isThere: (path: SecretPath) => Promise<boolean>;
    logger: LoggerService;
    now: () => Date;
    recorder: Recorder;
    rotations: RotationStore;
    secrets: Pick<SecretService, 'bring' | 'set'>;
    vault: Pick<SecretVault, 'facts' | 'read'>;
    versions: Pick<VersionStore, 'author' | 'makers'>;
  }) {
    this.#alerts = options.alerts;
    this.#followers = options.followers;
    this.#generators = options.generators;
    this.#isThere = options.isThere;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#recorder = options.recorder;
    this.#retirement = new Retirement(options);
    this.#rotations = options.rotations;
    this.#secrets = options.secrets;
    this.#vault = options.vault;
    this.#versions = options.versions;
  }

  async sweep(): Promise<void> {
    // Each when its turn comes, so that the first ones do not use up the time of the last.
    for (let count = 0; count < MOST_AT_ONCE; count++) {
      const [one] = await this.#rotations.claim(
        ...([this.#in(0), this.#in(LEASE_MS), 1] as const),
      );
      if (!one) return;
      try {
        await this.#beating(one, () => this.#look(one));
      } catch (error) {
        await this.#failed(one, messageOf(error));
      }
    }
  }

  /**
   * Replaces a value now, by the rule of its rotation. Where a process was gone after it wrote a new value, that one stands.
   *
   * @param by.ifVersion - only if the newest version is this one
   * @returns nothing for a key that has no rotation
   * @throws ConflictError while somebody is at it, the value before still works, or another version is the newest
   */
  async now(
    path: SecretPath,
    by: { actor: string; ifVersion?: number },
  ): Promise<Changed | undefined> {
    const { exists, held } = await this.#rotations.claimOne(
      ...([path, this.#in(0), this.#in(LEASE_MS)] as const),
    );
    if (!exists) return undefined;
    if (!held) throw beingReplaced(path);
    try {
      if (held.retireAt) {
        await this.#endBefore(held, held.retireAt);
        // Whoever is at it now is asked whether it has ended.
        return await this.now(path, by);
      }
      const changed = await this.#beating(held, () => this.#rotate(held, by));
      if (!changed) throw beingReplaced(path);
      return changed;
    } catch (error) {
      // It may have been written all the same. Whoever asks again and again puts off nothing.
      const soon = this.#in(LOOK_AGAIN_MS);
      await this.#rotations.later(
        held,
        held.lookAt < soon ? held.lookAt : soon,
      );
      throw error;
    }
  }

  /**
   * Ends the value before the newest at once where its time is over and no program uses it, and lets go of the rotation.
   *
   * @throws ConflictError where it still works
   */
  async #endBefore(held: HeldRotation, retireAt: string): Promise<void> {
    if (retireAt > this.#in(0)) throw beforeWorks(held, retireAt);
    const behind = await this.#followers.behind(held.path);
    if (behind) throw stillUsed(held, behind);
    const ending = await this.#beating(held, () => this.#retirement.end(held));
    if (!ending) throw beforeWorks(held, retireAt);
    await this.#retired(held, ending);
  }

  /**
   * Asked before somebody puts an earlier value back, also of a key that is replaced no longer. Where that cannot be told now, it is
   * not kept from them.
   *
   * @throws ConflictError where something that made values of the key has ended it since
   */
  async requireWorking(path: SecretPath, version: number): Promise<void> {
    const last = await this.#rotations.lastRule(path);
    const makers = [
      ...(last ? [makerOf(last.rule)] : []),
      ...(await this.#versions.makers(path)),
    ];
    const each = new Map(makers.map(one => [JSON.stringify(one), one]));
    for (const rule of each.values()) {
      const why = await this.#whyOver({ path, rule }, version);
      if (why) throw isOver(path, version, { why, ended: last?.ended ?? true });
    }
  }

  /** @returns in a sentence; nothing for a value that works, or where that cannot be told now */
  async #whyOver(
    { path, rule }: { path: SecretPath; rule: Maker },
    version: number,
  ): Promise<string | undefined> {
    try {
      const generator = this.#generators.get(rule.generator);
      if (!generator.whyOver) return undefined;
      return await askGenerator(
        { path, rule, fence: 0 },
        { as: 'current', version },
        this.#vault,
        async generation => generator.whyOver?.(generation),
      );
    } catch (error) {
      this.#logger.warn(
        `Whether version ${version} of ${pathOf(
          path,
        )} still works could not be seen: ${stringifyError(error)}`,
      );
      return undefined;
    }
  }

  /** It is nobody else's while the work goes on. */
  #beating<T>(held: HeldRotation, work: () => Promise<T>): Promise<T> {
    return withHeartbeat(
      {
        everyMs: LEASE_MS / 3,
        beat: () => this.#rotations.extend(held, this.#in(LEASE_MS)),
        onError: error =>
          this.#logger.warn(
            `${pathOf(
              held.path,
            )} is being replaced, which could not be said: ${stringifyError(
              error,
            )}`,
          ),
      },
      work,
    );
  }

  async #look(held: HeldRotation): Promise<void> {
    const now = this.#now();
    if (held.retireAt && held.retireAt <= this.#in(0)) {
      await this.#retire(held);
      return;
    }
    const due = held.dueAt <= this.#in(0) && !held.retireAt && !held.ended;
    if (due) await this.#replace(held, nextAllowed(held.rule, now));
    else if (held.fromVersion !== undefined) await this.#finish(held);
    else if (held.ended && !held.retireAt) await this.#rotations.remove(held);
    else await this.#rotations.later(held, held.retireAt ?? held.dueAt);
  }

  /**
   * What is due. What somebody deleted is brought back by nobody but them, and nothing is made for a service or an environment that
   * is there no longer.
   */
  async #replace(held: HeldRotation, allowed: Date): Promise<void> {
    const facts = await this.#vault.facts(held.path);
    const { readable } = facts;
    const isWritten = await this.#isWritten(held, facts);
    if (!isWritten && !(readable && (await this.#isThere(held.path)))) {
      await this.#rotations.waits(held, this.#in(PUT_BACK_MS));
    } else if (allowed <= this.#now()) {
      await this.#rotate(held, { actor: PLATFORM });
    } else {
      await this.#tell(this.#alerts.due(held.path, allowed));
      await this.#rotations.later(held, allowed.toISOString());
    }
  }

  /** @returns nothing where it is another worker's meanwhile */
  async #rotate(
    held: HeldRotation,
    { actor, ifVersion }: { actor: string; ifVersion?: number },
  ): Promise<Changed | undefined> {
    const { path } = held;
    const facts = await this.#vault.facts(path);
    checkVersion(path, facts, ifVersion);
    const { version, readable } = facts;
    if (await this.#isWritten(held, facts)) {
      await this.#doneBy(actor, held, facts);
      return this.#as(path, version);
    }
    const isMine = await this.#rotations.begin(held, version, {
      now: this.#in(0),
      until: this.#in(LEASE_MS),
    });
    if (!isMine) return undefined;
    const { service, environment, key } = path;
    const generator = this.#generators.get(held.rule.generator);
    const replace = async () => {
      const value = await askGenerator(
        held,
        readable ? { as: 'current', version } : undefined,
        this.#vault,
        generation => generator.make(generation),
      );
      try {
        return await this.#secrets.set(
          service,
          [environment],
          [{ key, value, encoding: 'text', ifVersion: version }],
          { actor, how: 'rotate', maker: makerOf(held.rule) },
        );
      } catch (error) {
        // One that was slow wrote its value after ours was made in its place.
        if (isError(error) && error.name === 'ConflictError') {
          await this.#confirmNewest(held);
        }
        throw error;
      }
    };
    // What a person asks for is on record already.
    const changed =
      actor === PLATFORM
        ? await this.#recorder.doing(
            'rotate',
            { service, environment, keys: [key] },
            replace,
          )
        : await replace();
    await this.#done(held);
    return changed;
  }

  /**
   * Somebody asked for it before it was due, and it was not brought to its end. What was written is finished. Nothing is
   * written anew: whoever asked has been told, or asks again.
   */
  async #finish(held: HeldRotation): Promise<void> {
    const facts = await this.#vault.facts(held.path);
    if (await this.#isWritten(held, facts))
      await this.#doneBy(PLATFORM, held, facts);
    else if (held.ended && !held.retireAt) await this.#rotations.remove(held);
    else await this.#rotations.givenUp(held);
  }

  /** What a process wrote that was gone then: what it did not live to record is on record as this. */
  async #doneBy(
    actor: string,
    held: HeldRotation,
    facts: KeyFacts,
  ): Promise<void> {
    const finish = async () => {
      await this.#confirm(held, facts);
      await this.#done(held);
    };
    // What a person asks for is on record already.
    if (actor !== PLATFORM) return finish();
    const { service, environment, key } = held.path;
    return this.#recorder.doing(
      'rotate',
      { service, environment, keys: [key] },
      finish,
    );
  }

  /** What stands in Vault works, whatever this or another worker made meanwhile that was not kept. */
  async #confirm(
    held: HeldRotation,
    { readable, version }: KeyFacts,
  ): Promise<void> {
    const generator = this.#generators.get(held.rule.generator);
    if (!readable || !generator.confirm) return;
    await askGenerator(
      ...([held, { as: 'current', version }, this.#vault] as const),
      async generation => generator.confirm?.(generation),
    );
  }

  /** The same of whatever is the newest by now. What keeps it from that is logged: it is not why ours was not kept. */
  async #confirmNewest(held: HeldRotation): Promise<void> {
    try {
      await this.#confirm(held, await this.#vault.facts(held.path));
    } catch (error) {
      this.#logger.warn(
        `Whether what ${pathOf(
          held.path,
        )} is now works could not be made sure of: ${stringifyError(error)}`,
      );
    }
  }

  async #done(held: HeldRotation): Promise<void> {
    const { rule } = held;
    const now = this.#now();
    const retireAt = this.#generators.get(rule.generator).retire
      ? new Date(now.getTime() + rule.overlapHours * HOUR_MS)
      : undefined;
    await this.#rotations.done(held, {
      at: now.toISOString(),
      dueAt: dueAfter(rule, now, retireAt).toISOString(),
      ...(retireAt && { retireAt: retireAt.toISOString() }),
    });
  }

  /** What was written before, as if it were written now. */
  async #as(path: SecretPath, version: number): Promise<Changed> {
    const { service, environment, key } = path;
    return {
      changes: [{ environment, key, outcome: 'set', version }],
      sync: await this.#secrets.bring(service, [environment]),
      leftOut: [],
    };
  }

  /**
   * A value that programs still use is not ended, however long that takes.
   *
   * @throws Error that says what still uses it, where the next replacement is overdue for that
   */
  async #retire(held: HeldRotation): Promise<void> {
    const behind = await this.#followers.behind(held.path);
    if (behind && held.dueAt <= this.#in(0)) {
      throw new Error(
        `Programs still use the value before the last: ${behind}`,
      );
    }
    if (behind) {
      await this.#rotations.later(held, this.#in(LOOK_AGAIN_MS));
      return;
    }
    const ending = await this.#retirement.end(held);
    if (ending) await this.#retired(held, ending);
    else if (held.ended) {
      await this.#leave(
        held,
        'The key is deleted, and was set by hand before.',
      );
    } else await this.#rotations.waits(held, this.#in(PUT_BACK_MS));
  }

  async #retired(held: HeldRotation, { left }: Ending): Promise<void> {
    const isMine = await (held.ended
      ? this.#rotations.remove(held)
      : this.#rotations.retired(held));
    if (isMine && left) await this.#tellLeft(held, left);
  }

  async #leave(held: HeldRotation, problem: string): Promise<void> {
    if (!(await this.#rotations.remove(held))) return;
    await this.#tellLeft(held, problem);
  }

  async #tellLeft({ path }: HeldRotation, problem: string): Promise<void> {
    this.#logger.error(
      `What ${pathOf(
        path,
      )} was before its last rotation may still work: ${problem}`,
    );
    await this.#tell(this.#alerts.left(path, problem));
  }

  /**
   * Whether the new value of a rotation that was begun is there: another version than the one that was to be replaced. It
   * is ours if a process was gone after it wrote it; one that is not known who wrote it is taken for ours too, since such
   * a process may have had no time to say so.
   */
  async #isWritten(held: HeldRotation, facts: KeyFacts): Promise<boolean> {
    const { path, fromVersion } = held;
    if (fromVersion === undefined || facts.version === fromVersion) {
      return false;
    }
    const author = await this.#versions.author(path, newestIn(facts));
    return author === undefined || author.how === 'rotate';
  }

  async #failed(held: HeldRotation, problem: string): Promise<void> {
    const { path, tries, ended } = held;
    if (ended && tries + 1 >= MOST_TRIES_ENDED) {
      await this.#leave(held, problem);
      return;
    }
    const wait = Math.min(MOST_BACKOFF_MS, 10_000 * 2 ** tries);
    if (!(await this.#rotations.failed(held, problem, this.#in(wait)))) {
      this.#logger.warn(
        `${pathOf(
          path,
        )} is another worker's meanwhile. This one came too late: ${problem}`,
      );
      return;
    }
    this.#logger.error(
      `${pathOf(path)} could not be rotated, and stays as it was: ${problem}`,
    );
    await this.#tell(this.#alerts.failed(path, problem));
  }

  /** What nobody could be told is not undone for that. */
  async #tell(alert: Promise<void>): Promise<void> {
    await alert.catch(error =>
      this.#logger.warn(`Nobody could be told of it: ${stringifyError(error)}`),
    );
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}

function makerOf({ generator, settings }: Maker): Maker {
  return { generator, settings };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
