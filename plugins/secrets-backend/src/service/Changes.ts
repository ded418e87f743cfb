import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { SecretChange, SecretSync } from '@highroad/plugin-secrets-common';
import { standingIn, syncOf, SyncStore } from '../database/SyncStore';
import { withHeartbeat } from './heartbeat';
import { Previews } from './Previews';
import { Reconciler } from './Reconciler';
import { Services } from './Services';
import { SyncWishes } from './SyncWishes';

/** So often it is said that a change is still under way, which others look for until it is not said any more. */
const BEAT_MS = 10_000;

/** What became of it, and how far the clusters are. */
export interface Changed {
  changes: SecretChange[];
  sync: SecretSync[];
  leftOut: string[];
}

/** Has clusters follow what is changed in Vault, also where that goes wrong on the way. */
export class Changes {
  readonly #logger: Pick<LoggerService, 'warn'>;
  readonly #places: Places;
  readonly #previews: Previews | undefined;
  readonly #reconciler: Pick<Reconciler, 'look'>;
  readonly #services: Services;
  readonly #syncs: Pick<SyncStore, 'list'>;
  readonly #wishes: SyncWishes;

  constructor(options: {
    logger: Pick<LoggerService, 'warn'>;
    places: Places;
    /** None are told, if left out */
    previews?: Previews;
    reconciler: Pick<Reconciler, 'look'>;
    services: Services;
    syncs: Pick<SyncStore, 'list'>;
    wishes: SyncWishes;
  }) {
    this.#logger = options.logger;
    this.#places = options.places;
    this.#previews = options.previews;
    this.#reconciler = options.reconciler;
    this.#services = options.services;
    this.#syncs = options.syncs;
    this.#wishes = options.wishes;
  }

  /**
   * Remembers first which Secrets will have to follow, then changes, then has them follow.
   *
   * @param work - changes one environment, and says each time what is done
   * @throws what `work` throws, with what was done before that
   */
  async make(
    service: string,
    environments: string[],
    work: (
      environment: string,
      done: (change: SecretChange) => void,
    ) => Promise<void>,
  ): Promise<Changed> {
    await this.#services.require(service);
    const places = environments.map(name => this.#places.get(name));
    const changes: SecretChange[] = [];
    let lent: SecretSync[] = [];
    const change = this.#wishes.newChange();
    try {
      for (const place of places) {
        await this.#wishes.begins(service, place, change);
        await withHeartbeat(
          {
            everyMs: BEAT_MS,
            beat: () => this.#wishes.stillSettling(service, place, change),
            onError: error =>
              this.#logger.warn(
                `Secrets of ${service} in ${
                  place.name
                } are being changed, which could not be said: ${stringifyError(
                  error,
                )}`,
              ),
          },
          () => work(place.name, done => changes.push(done)),
        );
      }
      for (const place of places) {
        await this.#wishes.ended(service, place, change);
      }
    } catch (error) {
      const told = withDone(error, changes);
      // Whether the last of it was done is not known, or it may still be.
      for (const place of places) {
        await this.#wishes
          .begins(service, place, change)
          .catch(failure =>
            this.#logger.warn(
              `Secrets of ${service} in ${
                place.name
              } may have been changed, which could not be kept: ${stringifyError(
                failure,
              )}`,
            ),
          );
      }
      throw told;
    } finally {
      // Also where it is the same already: whoever set it may have been gone before it was brought.
      if (changes.length > 0) {
        [lent] = await Promise.all([
          this.#lend(service, changes),
          this.#reconciler.look(service, environments),
        ]);
      }
    }
    const standing = await this.#standing(service, environments);
    return { changes, sync: [...standing, ...lent], leftOut: [] };
  }

  /** @returns how far environments on demand are that are lent what was changed */
  async #lend(service: string, changes: SecretChange[]): Promise<SecretSync[]> {
    const previews = this.#previews;
    if (!previews) return [];
    const done = changes.filter(({ outcome }) => outcome !== 'unchanged');
    const environments = [...new Set(done.map(one => one.environment))];
    const items = await Promise.all(
      environments.map(environment => {
        const there = done.filter(one => one.environment === environment);
        const deleted = there.filter(({ outcome }) => outcome === 'deleted');
        return previews.follow({
          ...{ service, environment },
          keys: there.map(({ key }) => key),
          deleted: deleted.map(({ key }) => key),
        });
      }),
    );
    return items.flat();
  }

  /**
   * Brings what is in Vault already.
   *
   * @returns how far the clusters are then
   */
  async bring(service: string, environments: string[]): Promise<SecretSync[]> {
    for (const name of environments) {
      await this.#wishes.want(service, this.#places.get(name));
    }
    await this.#reconciler.look(service, environments);
    return this.#standing(service, environments);
  }

  async #standing(
    service: string,
    environments: string[],
  ): Promise<SecretSync[]> {
    const all = await this.#syncs.list(service);
    return all
      .filter(
        ({ place, memory }) =>
          environments.includes(place.environment) &&
          // Where it was before is no part of what was changed.
          (memory.state !== 'left' ||
            standingIn(all, place.environment)?.memory.state === 'left'),
      )
      .map(item => syncOf(item));
  }
}

/** Says what was done before it went wrong, so that nobody takes it for nothing. */
function withDone(error: unknown, changes: SecretChange[]): unknown {
  const done = changes.filter(({ outcome }) => outcome !== 'unchanged');
  if (done.length === 0 || !(error instanceof Error)) return error;
  const list = done.map(({ key, environment }) => `${key} in ${environment}`);
  error.message = `${error.message} Before that, this was done: ${list.join(
    ', ',
  )}.`;
  return error;
}
