import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { Drift, ObjectChange } from '@highroad/plugin-deployments-common';
import { PollingLoop } from '@highroad/plugin-platform-node';
import { Place, ReadStore } from '../database/ReadStore';
import { DEFAULT_ENGINE } from '../drivers/engine/Engines';
import { namespaceOf } from '@highroad/plugin-platform-node/kubernetes';
import { Environments } from '../service/EnvironmentSettings';
import { KeptManifests } from '../service/KeptManifests';
import { Comparer } from './ClusterComparer';
import { DriftClaim, DriftStore } from './DriftStore';

const TICK_MS = 10_000;
/**
 * A look is two small questions for each object, one after the other. Where there are more places than can be looked at in so long,
 * such as thousands, the round takes longer: those that were looked at longest ago are always the next.
 */
const EVERY_MS = 5 * 60_000;
/** While something is deployed there, nothing can be said. */
const BUSY_MS = 60_000;
const PLACES_MS = 60_000;
/** Nothing waits longer for its approval and its pods. */
const RECENT_MS = 7 * 24 * 3_600_000;
/** Longer than a look may take. */
const LEASE_MS = 10 * 60_000;
/** A process looks at no more places than this at the same time, so that no cluster is asked more by it. */
const AT_ONCE = 5;
const MOST_FIELDS = 20;

/** Looks from time to time whether clusters still have what was deployed to them, each place from one process. */
export class DriftWatcher {
  readonly #comparer: Comparer;
  readonly #environments: Environments;
  readonly #kept: KeptManifests;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #nameOf: (service: string) => Promise<string>;
  readonly #onChange: () => void;
  readonly #reader: ReadStore;
  readonly #store: DriftStore;
  readonly #loop: PollingLoop;
  #placesDue = 0;

  constructor(options: {
    comparer: Comparer;
    environments: Environments;
    kept: KeptManifests;
    logger: LoggerService;
    now: () => Date;
    /** Name of a service, as its namespace has it */
    nameOf: (service: string) => Promise<string>;
    /** Told when something is seen there that was not seen with the last look, or is no more */
    onChange: () => void;
    reader: ReadStore;
    store: DriftStore;
  }) {
    this.#comparer = options.comparer;
    this.#environments = options.environments;
    this.#kept = options.kept;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#nameOf = options.nameOf;
    this.#onChange = options.onChange;
    this.#reader = options.reader;
    this.#store = options.store;
    this.#loop = new PollingLoop({
      turn: () => this.turn(),
      onError: error =>
        this.#logger.error(
          `It could not be looked for changes in clusters: ${stringifyError(
            error,
          )}`,
        ),
      pauseMs: TICK_MS,
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Looks at all that is due now. */
  async turn(): Promise<void> {
    if (this.#now().getTime() >= this.#placesDue) {
      // All of history once; then only what can have ended since.
      const since = this.#placesDue > 0 ? this.#in(-RECENT_MS) : undefined;
      await this.#store.addPlaces(this.#in(0), since);
      this.#placesDue = this.#now().getTime() + PLACES_MS;
    }
    for (;;) {
      const claims = await this.#store.claim({
        now: this.#in(0),
        until: this.#in(LEASE_MS),
        limit: AT_ONCE,
      });
      await Promise.all(claims.map(claim => this.#look(claim)));
      if (claims.length === 0 || this.#loop.signal.aborted) return;
    }
  }

  async #look(claim: DriftClaim): Promise<void> {
    const { service, environment } = claim;
    const place = { service, environment };
    const before = await this.#reader.lastGood(place);
    if (!before || (await this.#reader.active(place))) {
      await this.#store.write(claim, { dueAt: this.#in(BUSY_MS) });
      return;
    }
    const drift = await this.#driftOf(place, before);
    // Something was deployed while it was looked: what was seen may be of either.
    const after = await this.#reader.lastGood(place);
    const moved = after?.id !== before.id || (await this.#reader.active(place));
    const isWritten = await this.#store.write(
      claim,
      moved
        ? { dueAt: this.#in(BUSY_MS) }
        : { dueAt: this.#in(EVERY_MS), deployment: before.id, drift },
    );
    const isNews = !moved && toldOf(drift) !== toldOf(claim.before);
    if (isWritten && isNews) this.#onChange();
  }

  async #driftOf(
    place: Place,
    running: Parameters<KeptManifests['of']>[0],
  ): Promise<Drift> {
    const at = this.#in(0);
    try {
      const settings = this.#environments.get(place.environment);
      if (settings.engine !== DEFAULT_ENGINE) {
        throw new Error(
          `what the engine ${settings.engine} brought there is not compared`,
        );
      }
      const namespace = namespaceOf(
        settings,
        await this.#nameOf(place.service),
      );
      const changes = await this.#comparer.compare(
        { cluster: settings.cluster, namespace, ...place },
        await this.#kept.of(running),
      );
      const differs = changes.length > 0;
      return {
        state: differs ? 'differs' : 'same',
        summary: differs ? inWords(changes) : 'It is as it was deployed',
        at,
        changes: changes.map(one => ({
          ...one,
          fields: one.fields.slice(0, MOST_FIELDS),
        })),
      };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        state: 'unknown',
        summary: `It is not known whether it was changed: ${why}`,
        at,
        changes: [],
      };
    }
  }

  #in(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString();
  }
}

/**
 * What open pages are told of at once. That it could not be looked, as where a cluster with thousands of places is away, is
 * seen at their next look.
 */
function toldOf(drift: Drift | undefined): string | undefined {
  return drift?.state === 'differs' ? drift.summary : undefined;
}

/** `Deployment cart was changed (spec.replicas is 5, not 2), ConfigMap settings was removed` */
function inWords(changes: ObjectChange[]): string {
  return changes
    .slice(0, 3)
    .map(({ object, change, fields }) => {
      if (change !== 'changed') return `${object} was removed`;
      const [first] = fields;
      const what =
        first &&
        `${first.path} is ${first.after ?? 'not there'}, not ${
          first.before ?? 'left out'
        }`;
      const more = fields.length > 1 ? ` and ${fields.length - 1} more` : '';
      return `${object} was changed${what ? ` (${what}${more})` : ''}`;
    })
    .concat(changes.length > 3 ? [`and ${changes.length - 3} more`] : [])
    .join(', ');
}
