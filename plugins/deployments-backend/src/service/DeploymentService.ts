import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import {
  Deployment,
  DeploymentDetail,
  FeedItem,
  hasEnded,
  RollbackTargets,
} from '@highroad/plugin-deployments-common';
import { ManifestStore } from '../database/ManifestStore';
import { OutboxStore } from '../database/outbox';
import { Place, ReadStore } from '../database/ReadStore';
import { Requested, RequestStore } from '../database/RequestStore';
import { BoardDeployment, Wish } from '../database/rows';
import { Changes } from './Changes';
import { Environments } from './EnvironmentSettings';
import { Services } from './Services';
import { rollbackTo } from './Ending';
import { promotedFrom } from './promotedFrom';
import { findRollbackTarget, findRollbackTargets } from './RollbackTarget';
import {
  LineOf,
  StatusLine,
  statusLines,
  withWhatWasUndone,
} from './statusLines';
import { Wished, wishInTurn } from './wishInTurn';

/** Who asks, and how. */
export type Asker = Pick<Requested, 'requestedBy' | 'door' | 'correlation'> & {
  reason?: string;
};

/** How a deployment is asked for. */
interface Asked {
  /** Takes the place of one that is under way */
  supersede: boolean;
  /** Applied even if exactly that is there already */
  again?: boolean;
  /** Takes fields that somebody else manages, rather than be refused */
  takeOver?: boolean;
  /** Id of the deployment that it repairs */
  fixes?: string;
  /** It repairs something that users met, and was not planned */
  unplanned?: boolean;
}

/** What of how it is asked for is kept with it. */
function howOf({ again, takeOver, fixes, unplanned }: Asked) {
  return { again, takeOver, fixes, unplanned };
}

/** Longest time that a question for something new is held. */
const HOLD_MS = 25_000;

/** So long is waited for what somebody asked for before, in milliseconds: longer than a Rollout is tried to be led on at a time. */
const TURN_MS = 10_000;

/** The rules of asking for deployments, the same for every door. */
export class DeploymentService {
  readonly #changes: Changes;
  readonly #environments: Environments;
  readonly #manifests: ManifestStore;
  readonly #now: () => Date;
  readonly #outbox: OutboxStore;
  readonly #reader: ReadStore;
  readonly #requests: RequestStore;
  readonly #services: Services;
  readonly #turnMs: number;

  /** @param options.turnMs - how long is waited for what somebody asked for before, in milliseconds */
  constructor(options: {
    changes: Changes;
    environments: Environments;
    manifests: ManifestStore;
    now: () => Date;
    outbox: OutboxStore;
    reader: ReadStore;
    requests: RequestStore;
    services: Services;
    turnMs?: number;
  }) {
    this.#changes = options.changes;
    this.#environments = options.environments;
    this.#manifests = options.manifests;
    this.#now = options.now;
    this.#outbox = options.outbox;
    this.#reader = options.reader;
    this.#requests = options.requests;
    this.#services = options.services;
    this.#turnMs = options.turnMs ?? TURN_MS;
  }

  /**
   * Asks for a version somewhere.
   *
   * @throws NotFoundError for an unknown service or environment, InputError if it is to repair what is no deployment of the service
   * there, ConflictError if one is under way there and is not to be superseded
   */
  async deploy(
    place: Place,
    version: string,
    by: Asker,
    options: Asked,
  ): Promise<Deployment> {
    this.#environments.get(place.environment);
    requireComponent(place.service);
    const { image } = await this.#services.get(place.service);
    await this.#requireRepaired(place, options.fixes);
    return this.#request(
      {
        ...{ kind: 'deploy', ...place, version, image, ...by },
        ...howOf(options),
      },
      options,
    );
  }

  /** @throws what {@link promotedFrom} throws, and as {@link deploy} */
  async promote(
    service: string,
    from: string,
    to: string,
    by: Asker,
    options: Asked,
  ): Promise<Deployment> {
    const promoted = await promotedFrom(
      { environments: this.#environments, reader: this.#reader },
      { service, from, to },
    );
    await this.#requireRepaired({ service, environment: to }, options.fixes);
    return this.#request(
      {
        ...{ service, environment: to, ...promoted },
        ...howOf(options),
        ...by,
      },
      options,
    );
  }

  /**
   * Puts back an earlier version; what {@link findRollbackTarget} finds, or a given one. It takes the place of what is
   * under way.
   *
   * @throws NotFoundError if there is none, saying so; ConflictError if it is being put back already
   */
  async rollback(
    place: Place,
    to: string | undefined,
    by: Asker & { takeOver?: boolean },
  ): Promise<Deployment> {
    this.#environments.get(place.environment);
    const { target, undone } = to
      ? await this.#given(place, to)
      : await findRollbackTarget(this.#reader, place);
    return this.#request(rollbackTo(target, undone, by), { supersede: true });
  }

  /**
   * What {@link rollback} would put back, and what it can be told to.
   *
   * @param to - what it is told to
   * @throws NotFoundError, InputError or ConflictError for what cannot be put back there
   */
  async rollbackTargets(
    place: Place,
    to: string | undefined,
  ): Promise<RollbackTargets> {
    this.#environments.get(place.environment);
    const wanted = to ? await this.#earlier(place, to) : undefined;
    return findRollbackTargets(this.#reader, place, wanted);
  }

  /**
   * @param options.after - waits for a revision beyond this
   * @throws NotFoundError
   */
  async get(
    id: string,
    options: { after?: number; signal?: AbortSignal } = {},
  ): Promise<DeploymentDetail> {
    const { after, signal } = options;
    const read = async () => {
      const found = await this.#reader.get(id);
      if (!found) throw new NotFoundError(`There is no deployment ${id}.`);
      return found;
    };
    const until = Date.now() + HOLD_MS;
    let found = await read();
    const isOld = () =>
      after !== undefined && found.revision <= after && !hasEnded(found.state);
    while (isOld() && Date.now() < until && !signal?.aborted) {
      await this.#changes.of(id, { withinMs: until - Date.now(), signal });
      found = await read();
    }
    return found;
  }

  /** References of all that were ever deployed. */
  services(): Promise<string[]> {
    return this.#reader.services();
  }

  /** References of what some deployments are of. */
  async servicesOf(ids: string[]): Promise<string[]> {
    const found = await this.#reader.some(ids);
    return [...new Set(found.map(({ service }) => service))];
  }

  async list(
    options: Parameters<ReadStore['list']>[0],
  ): Promise<{ items: Deployment[]; next?: string }> {
    const items = await this.#reader.list({
      ...options,
      limit: options.limit + 1,
    });
    const shown = items.slice(0, options.limit);
    return items.length > shown.length
      ? { items: shown, next: shown[shown.length - 1].id }
      : { items: shown };
  }

  /** What runs where, by service and environment. */
  async status(options: {
    services?: string[];
    environment?: string;
  }): Promise<StatusLine[]> {
    const lines = statusLines(await this.#reader.status(options));
    const undone = await this.#reader.some(
      lines.flatMap(({ running }) => running?.undoes ?? []),
    );
    return withWhatWasUndone(lines, undone);
  }

  /** The same as {@link status}, with the little of it that a table of thousands is made from. */
  async board(options: {
    services?: string[];
  }): Promise<Array<LineOf<BoardDeployment>>> {
    return statusLines(await this.#reader.board(options));
  }

  /**
   * Asks for what a worker then does, when it is its turn.
   *
   * @throws what {@link wishInTurn} throws
   */
  wish(
    id: string,
    wish: Wish,
    by: string,
    options: Omit<Wished, 'id' | 'wish' | 'by'> = {},
  ): Promise<Deployment> {
    return wishInTurn(
      {
        ...{ changes: this.#changes, now: this.#now, reader: this.#reader },
        ...{ get: one => this.get(one), turnMs: this.#turnMs },
      },
      { id, wish, by, ...options },
    );
  }

  /** @throws ConflictError if it does not wait for it, or who approves is who asked */
  async approve(id: string, by: string): Promise<Deployment> {
    const found = await this.get(id);
    if (found.requestedBy === by) {
      throw new ConflictError(
        `You asked for it yourself. ${found.environment} wants a second person.`,
      );
    }
    if (!(await this.#reader.approve(id, by, this.#now().toISOString()))) {
      throw new ConflictError(
        `Deployment ${id} does not wait for an approval: it is ${found.state}.`,
      );
    }
    this.#changes.tell(id);
    return this.get(id);
  }

  /** @throws NotFoundError if it has none yet */
  async manifests(id: string): Promise<{ digest: string; text: string }> {
    const { manifestsDigest: digest } = await this.get(id);
    if (!digest) {
      throw new NotFoundError(`Deployment ${id} has no manifests yet.`);
    }
    return { digest, text: await this.#manifests.text(digest) };
  }

  events(after: number, limit: number): Promise<FeedItem[]> {
    return this.#outbox.read(after, limit);
  }

  async #request(
    wanted: Requested,
    options: { supersede: boolean },
  ): Promise<Deployment> {
    const before = options.supersede
      ? await this.#reader.active(wanted)
      : undefined;
    const { approval } = this.#environments.get(wanted.environment);
    const deployment = await this.#requests.request(wanted, {
      supersede: options.supersede,
      waits: approval && wanted.kind !== 'rollback',
      now: this.#now().toISOString(),
    });
    if (before) this.#changes.tell(before.id);
    this.#changes.tell(deployment.id);
    return deployment;
  }

  /** @throws InputError */
  async #requireRepaired(
    { service, environment }: Place,
    fixes: string | undefined,
  ): Promise<void> {
    if (fixes === undefined) return;
    const found = await this.#reader.get(fixes);
    if (found?.service === service && found.environment === environment) {
      return;
    }
    throw new InputError(
      `fixes: ${fixes} is no deployment of ${service} to ${environment}. Take the id of one from their list, or leave it out.`,
    );
  }

  async #given(
    place: Place,
    id: string,
  ): Promise<{ target: Deployment; undone?: Deployment }> {
    const target = await this.#earlier(place, id);
    const good = await this.#reader.lastGood(place);
    const undone = (await this.#reader.unfinishedSince(place, good)) ?? good;
    return { target, undone };
  }

  async #earlier(place: Place, id: string): Promise<Deployment> {
    const found = await this.get(id);
    const there =
      found.service === place.service &&
      found.environment === place.environment;
    if (!there) {
      throw new InputError(
        `to: deployment ${id} is of ${found.service} in ${found.environment}, not of ${place.service} in ${place.environment}.`,
      );
    }
    if (found.state !== 'succeeded') {
      throw new ConflictError(
        `to: deployment ${id} did not succeed (${found.state}), so it is not put back.`,
      );
    }
    return found;
  }
}

function requireComponent(service: string): void {
  if (service.startsWith('component:')) return;
  throw new InputError(
    `service: ${service} is no component; only components are deployed.`,
  );
}
