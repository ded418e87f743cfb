import { stringifyError } from '@backstage/errors';
import {
  LostLeaseError,
  SyncItem,
  SyncMemory,
  SyncStore,
} from '../database/SyncStore';
import {
  ClusterSecret,
  ClusterSecrets,
} from '../drivers/kubernetes/ClusterSecrets';
import {
  ChangedMeanwhileError,
  RefusedError,
} from '../drivers/kubernetes/clusterErrors';
import { SecretVault } from '../drivers/vault/SecretVault';
import { VaultError } from '../drivers/vault/vaultErrors';
import { withoutValues } from '../withoutValues';
import { broughtOnce, madeOf, replacedTimes, staying } from './brought';
import { heldBy, nextContents, othersIn, weighBefore } from './contents';
import { inTurns } from './inTurns';
import { Recorder } from './Recorder';
import {
  leftOut,
  seenVersions,
  wasNeverThere,
  whyLeftOut,
  withoutBegunAnew,
} from './leftOut';
import { firstArrival, withRestart } from './plannedRestart';
import { ifRefused, Refusals } from './Refusals';
import { withoutRefused, withRefused } from './refusedKeys';

/** Longest time between tries of what fails. */
const MOST_BACKOFF_MS = 60_000;
/** The same of what a cluster refuses as it is: Vault is asked again each time. */
const MOST_REFUSED_MS = 600_000;
/** When Vault is asked again where it refused some keys and gave others. */
const REFUSED_KEYS_MS = 300_000;
/** Where the service does not run yet it is soon looked again: it will not start without its secrets. */
const WAITING_MS = 5_000;
/** How often it is looked at once more at once, where somebody else changes it at the same moment. */
const MOST_LOOKS = 3;

/** How often things are done, in milliseconds. */
export interface SyncTimes {
  /** Between looks at clusters where all is well */
  pollMs: number;
  /** Between looks into Vault, for what was written there by others */
  vaultPollMs: number;
  /** Changes within this are one restart */
  restartWindowMs: number;
}

/** What is used of a store and of clusters, and no more. */
export type SyncedVault = Pick<SecretVault, 'keys' | 'facts' | 'read'>;
export type SyncedClusters = Pick<
  ClusterSecrets,
  'runsIn' | 'read' | 'apply' | 'restart'
>;

/** Brings the values of one service to one cluster. Level-triggered: it compares what is with what should be. */
export class Syncer {
  readonly #clusters: SyncedClusters;
  readonly #now: () => Date;
  readonly #random: () => number;
  readonly #recorder: Recorder;
  readonly #store: SyncStore;
  readonly #times: SyncTimes;
  readonly #vault: SyncedVault;

  constructor(options: {
    clusters: SyncedClusters;
    now: () => Date;
    /** From 0 up to 1, to spread tries */
    random: () => number;
    recorder: Recorder;
    store: SyncStore;
    times: SyncTimes;
    vault: SyncedVault;
  }) {
    this.#clusters = options.clusters;
    this.#now = options.now;
    this.#random = options.random;
    this.#recorder = options.recorder;
    this.#store = options.store;
    this.#times = options.times;
    this.#vault = options.vault;
  }

  /** Looks at one, mends what is to mend, and says when to look again. What fails is remembered and tried again. */
  async sync(item: SyncItem): Promise<void> {
    let current = item;
    const keep = async (memory: SyncMemory) => {
      current = await this.#store.save(current, memory, {
        dueAt: this.#in(0),
        release: false,
      });
    };
    let isBrought = false;
    const keepBrought = async (memory: SyncMemory) => {
      await keep(memory);
      isBrought = true;
    };
    const isDue = !item.vaultDueAt || item.vaultDueAt <= this.#in(0);
    try {
      const memory = await this.#untilUnchanged(() =>
        this.#bring(
          { ...item, memory: current.memory },
          { keep, keepBrought, isDue },
        ),
      );
      // Where it runs since the last look, Vault was asked for it.
      const isNew =
        item.memory.state === 'waiting' && memory.state !== 'waiting';
      const asked = isDue || isNew;
      const vaultDueAt = asked
        ? this.#vaultNext(item, memory)
        : item.vaultDueAt;
      const next = this.#next(memory);
      await this.#store.save(current, memory, {
        dueAt: vaultDueAt && vaultDueAt < next ? vaultDueAt : next,
        ...(asked && { vaultDueAt }),
        release: true,
      });
    } catch (error) {
      if (error instanceof LostLeaseError) return;
      const tries = current.memory.tries + 1;
      const most =
        error instanceof RefusedError ? MOST_REFUSED_MS : MOST_BACKOFF_MS;
      const wait = Math.min(most, 1000 * 2 ** Math.min(tries, 10));
      const isIdle = await this.#isIdle(current);
      const { namespace } = item.place;
      await this.#store.save(
        current,
        {
          ...current.memory,
          ...(isIdle
            ? {
                state: 'waiting' as const,
                message: `Nothing is set, so that there is nothing to bring to ${namespace}.`,
                weighed: {},
              }
            : {
                state: 'behind' as const,
                message: `${messageOf(error)} It is tried again by itself.`,
              }),
          tries,
        },
        {
          dueAt: this.#in(wait / 2 + (this.#random() * wait) / 2),
          ...((isIdle || (isDue && isBrought)) && {
            vaultDueAt: this.#vaultNext(item, current.memory),
          }),
          release: true,
        },
      );
    }
  }

  /** Whether there is nothing to bring, and never was: then a cluster lacks nothing, whatever is wrong with it. */
  async #isIdle({ place, memory }: SyncItem): Promise<boolean> {
    if (!wasNeverThere(memory)) return false;
    try {
      const { versions, refused } = await this.#wanted(place, memory);
      if (refused.length > 0) return false;
      return Object.keys(versions).length === 0;
    } catch {
      // What was wrong first is what is told.
      return false;
    }
  }

  /** Looks again at what was changed between a look and its effect. */
  async #untilUnchanged<T>(look: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await look();
      } catch (error) {
        const again =
          error instanceof ChangedMeanwhileError && tries < MOST_LOOKS;
        if (!again) throw error;
      }
    }
  }

  async #bring(
    { place, memory }: Pick<SyncItem, 'memory' | 'place'>,
    {
      keep,
      keepBrought,
      isDue,
    }: {
      keep: (memory: SyncMemory) => Promise<void>;
      /** Of what stands in the Secret */
      keepBrought: (memory: SyncMemory) => Promise<void>;
      isDue: boolean;
    },
  ): Promise<SyncMemory> {
    if (!(await this.#clusters.runsIn(place))) {
      return {
        ...memory,
        ...(isDue && { weighed: await this.#weighed(place, memory) }),
        state: 'waiting',
        message: `It does not run there yet; it gets its secrets as soon as there is a namespace ${place.namespace}.`,
        revision: undefined,
        tries: 0,
      };
    }
    const asksVault = isDue || memory.state === 'waiting';
    const asked = asksVault ? await this.#wanted(place, memory) : undefined;
    const known = asked
      ? withoutBegunAnew(withoutRefused(memory), asked)
      : memory;
    const seen = seenVersions(known);
    const versions = asked ? asked.versions : seen;
    const present = await this.#clusters.read(place);
    const isAsWritten = present
      ? present.revision === known.revision
      : !known.revision && Object.keys(versions).length === 0;
    const same = isAsWritten && sameVersions(versions, seen);
    const next = same
      ? known
      : await this.#write(
          { place, memory: known, present, brought: broughtOnce(memory) },
          versions,
          keep,
        );
    const refused = Object.keys(memory.weighed).filter(
      key => memory.weighed[key].refused && !next.weighed[key],
    );
    const brought = {
      ...next,
      ...(asked && { made: madeOf(asked, next) }),
      weighed: withRefused(next, memory, asked ? asked.refused : refused),
    };
    // Whatever becomes of the restart, it need not be read and written again.
    if (!same && this.#isRestartDue(next)) await keepBrought(brought);
    const complete = leftOut(brought).length === 0;
    return this.#restart(place, {
      ...brought,
      state: complete ? 'synced' : 'behind',
      message: complete
        ? `${count(Object.keys(versions).length)} in ${place.namespace}`
        : whyLeftOut(brought),
      ...(complete && { syncedAt: this.#in(0) }),
      tries: 0,
    });
  }

  /**
   * Newest version by key, of those that can be read. Metadata only.
   *
   * @param memory - what is known of those that Vault refuses, which stay as they are
   * @returns with when Vault made them, those that the platform is not known to have written, and those that are refused
   */
  async #wanted(
    place: SyncItem['place'],
    memory: SyncMemory,
  ): Promise<{
    versions: Record<string, number>;
    made: Record<string, string>;
    straight: string[];
    refused: string[];
  }> {
    const { service, environment } = place;
    const keys = await this.#vault.keys({ service, environment });
    const versions: Record<string, number> = {};
    const made: Record<string, string> = {};
    const straight: string[] = [];
    const refusals = new Refusals();
    const seen = seenVersions(withoutRefused(memory));
    await inTurns(keys, async key => {
      const facts = await this.#vault
        .facts({ service, environment, key })
        .catch(ifRefused);
      if (facts instanceof VaultError) {
        refusals.add(key, facts);
        if (seen[key]) versions[key] = seen[key];
        const before = memory.made?.[key];
        if (before) made[key] = before;
        return;
      }
      if (!facts.readable) return;
      versions[key] = facts.version;
      const [newest] = facts.versions;
      if (newest) made[key] = newest.at;
      if (!facts.mark) straight.push(key);
    });
    refusals.tellIfAll(keys);
    return { versions, made, straight, refused: refusals.keys() };
  }

  /**
   * What could not be brought where a service is about to run: whoever deploys it is to know before. What the platform wrote
   * itself can be, so it is not read for this.
   */
  async #weighed(
    place: SyncItem['place'],
    memory: SyncMemory,
  ): Promise<SyncMemory['weighed']> {
    const { service, environment } = place;
    const { versions, straight, refused } = await this.#wanted(place, memory);
    const weighed =
      straight.length === 0
        ? {}
        : await this.#recorder.doing(
            'sync',
            { service, environment, keys: straight },
            () => weighBefore(place, { versions, keys: straight }, this.#vault),
          );
    return withRefused({ weighed }, memory, refused);
  }

  async #write(
    {
      place,
      memory,
      present,
      brought,
    }: Pick<SyncItem, 'place' | 'memory'> & {
      present?: ClusterSecret;
      brought: Set<string>;
    },
    wanted: Record<string, number>,
    keep: (memory: SyncMemory) => Promise<void>,
  ): Promise<SyncMemory> {
    const { service, environment } = place;
    const keys = Object.keys(wanted).sort();
    const held = heldBy(present, memory, keys);
    const news = keys.filter(key => held.get(key)?.version !== wanted[key]);
    return this.#recorder.doing(
      'sync',
      { service, environment, keys: news },
      async () => {
        const ours = new Set([
          ...Object.keys(memory.versions),
          ...brought,
          ...keys,
        ]);
        const { data, versions, weighed } = await nextContents(
          {
            ...{ place, memory, held, news, wanted, present, brought },
            others: othersIn(present, ours),
          },
          this.#vault,
        );
        const changed = [...ours].filter(
          key => present?.data.get(key)?.reveal() !== data.get(key)?.reveal(),
        );
        const first = firstArrival({ changed, memory, present, versions });
        const next = withRestart(memory, changed, {
          ...{ first, at: this.#in(this.#times.restartWindowMs) },
        });
        // Kept before the effect: after a crash the Secret looks as if nothing had changed.
        if (changed.length > 0) await keep(next);
        const applied = await this.#clusters.apply(place, data, present);
        const { revision } = applied;
        const isFirst = [...first.keys, ...(memory.first?.keys ?? [])];
        const replacedAt = replacedTimes(memory, {
          ...{ versions, isFirst },
          at: applied.writtenAt ?? this.#now(),
        });
        return {
          ...{ ...next, versions, revision, replacedAt },
          weighed: {
            ...weighed,
            ...staying(memory, { ours, wanted, applied }),
          },
        };
      },
    );
  }

  async #restart(
    place: SyncItem['place'],
    memory: SyncMemory,
  ): Promise<SyncMemory> {
    const { restartAt, restartKeys, first } = memory;
    if (!restartAt || !this.#isRestartDue(memory)) return memory;
    const restarted = await this.#clusters.restart(place, {
      ...{ at: restartAt, keys: restartKeys, first },
    });
    return {
      ...memory,
      restartAt: undefined,
      restartKeys: undefined,
      first: undefined,
      ...(restarted.length > 0 && { restartedAt: restartAt }),
    };
  }

  #isRestartDue({ restartAt }: SyncMemory): boolean {
    return restartAt !== undefined && restartAt <= this.#in(0);
  }

  #next(memory: SyncMemory): string {
    const look = this.#in(
      memory.state === 'waiting' ? WAITING_MS : this.#times.pollMs,
    );
    const { restartAt } = memory;
    return restartAt && restartAt < look ? restartAt : look;
  }

  /** When to ask Vault again, which was asked just now: what may still come there is not waited for so long. */
  #vaultNext({ settlesBy }: SyncItem, { weighed }: SyncMemory): string {
    const isRefused = Object.values(weighed).some(one => one.refused);
    const { vaultPollMs } = this.#times;
    const next = this.#in(
      isRefused ? Math.min(REFUSED_KEYS_MS, vaultPollMs) : vaultPollMs,
    );
    return settlesBy && settlesBy > this.#in(0) && settlesBy < next
      ? settlesBy
      : next;
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}

function sameVersions(
  a: Record<string, number>,
  b: Record<string, number>,
): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => a[key] === b[key])
  );
}

function count(keys: number): string {
  return keys === 1 ? '1 key' : `${keys} keys`;
}

/** Errors of our drivers hold nothing secret; those of others could. */
function messageOf(error: unknown): string {
  return withoutValues(
    error instanceof Error ? error.message : stringifyError(error),
  );
}
