import { parseEntityRef } from '@backstage/catalog-model';
import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import {
  Attention,
  compareAttention,
  DeployedUses,
  DUE_SOON_MS,
  lackOf,
  missingKeys,
  whyMissing,
} from '@highroad/plugin-secrets-common';
import { AttentionStore, TroubledRotation } from '../database/AttentionStore';
import { VersionStore } from '../database/VersionStore';
import { SecretPath } from '../drivers/vault/SecretPath';
import { SecretVault } from '../drivers/vault/SecretVault';
import { VaultError } from '../drivers/vault/vaultErrors';
import { PROVIDER } from './provider';
import { Services } from './Services';

/** Services that are asked about at a time: whether they are there, and may be seen. */
const AT_ONCE = 100;

const MISSING_UNKNOWN =
  'Which keys are missing cannot be seen now: what programs need is not told.';

/** Which of some services the reader may see; nothing where all. */
export type Seen = (services: string[]) => Promise<string[] | undefined>;

/** A part of what needs somebody. */
export interface AttentionPage {
  items: Attention[];
  next?: number;
  missingUnknown?: string;
}

/** What of the secrets of all services needs somebody. Knows nothing of who asks. */
export class AttentionReader {
  readonly #logger: LoggerService;
  readonly #needs: { all(): Promise<Map<string, DeployedUses[]>> };
  readonly #now: () => Date;
  readonly #places: Places;
  readonly #services: Pick<Services, 'existing'>;
  readonly #store: AttentionStore;
  readonly #vault: Pick<SecretVault, 'facts'>;
  readonly #versions: Pick<VersionStore, 'keysBy'>;

  constructor(options: {
    logger: LoggerService;
    /** What programs refer to, by service */
    needs: { all(): Promise<Map<string, DeployedUses[]>> };
    now: () => Date;
    places: Places;
    services: Pick<Services, 'existing'>;
    store: AttentionStore;
    vault: Pick<SecretVault, 'facts'>;
    versions: Pick<VersionStore, 'keysBy'>;
  }) {
    this.#logger = options.logger;
    this.#needs = options.needs;
    this.#now = options.now;
    this.#places = options.places;
    this.#services = options.services;
    this.#store = options.store;
    this.#vault = options.vault;
    this.#versions = options.versions;
  }

  /**
   * Most urgent first. Of what is kept, services that are gone or may not be seen are left out, and keys that are said to be
   * missing and that Vault has all the same.
   *
   * @param asked.from - where to go on, as `next` says
   */
  async page(
    asked: { from: number; limit: number },
    seen: Seen,
  ): Promise<AttentionPage> {
    const [known, missing] = await Promise.all([
      this.#known(),
      this.#missing(),
    ]);
    const all = [...known, ...(missing ?? [])].sort(compareAttention);
    const items: Attention[] = [];
    const shown = new Map<string, boolean>();
    let at = asked.from;
    while (at < all.length && items.length < asked.limit) {
      const some = all.slice(at, at + AT_ONCE);
      await this.#ask(some, shown, seen);
      for (const one of some) {
        if (items.length === asked.limit) break;
        at += 1;
        if (!shown.get(one.service)) continue;
        if (isLack(one) && (await this.#isThere(one))) continue;
        items.push(one);
      }
    }
    return {
      items,
      ...(at < all.length && { next: at }),
      ...(!missing && { missingUnknown: MISSING_UNKNOWN }),
    };
  }

  /** Finds out which services are there and may be seen, of those of which that is not known yet. */
  async #ask(
    some: Attention[],
    shown: Map<string, boolean>,
    seen: Seen,
  ): Promise<void> {
    const unknown = [...new Set(some.map(({ service }) => service))].filter(
      service => !shown.has(service),
    );
    if (unknown.length === 0) return;
    const there = [...(await this.#services.existing(unknown))];
    const visible = new Set((await seen(there)) ?? there);
    for (const service of unknown) {
      shown.set(service, visible.has(service) && there.includes(service));
    }
  }

  /** What the platform's own tables say. */
  async #known(): Promise<Attention[]> {
    const now = this.#now();
    const soon = new Date(now.getTime() + DUE_SOON_MS).toISOString();
    const [rotations, behind] = await Promise.all([
      this.#store.rotations(soon),
      this.#store.behind(),
    ]);
    return [
      ...rotations.map(one => ofRotation(one, now.toISOString())),
      ...behind.map(one => ({ ...one, kind: 'behind' as const })),
    ].flatMap(one => this.#placed(one) ?? []);
  }

  /** @returns nothing where it is not known what programs need */
  async #missing(): Promise<Attention[] | undefined> {
    let needs;
    try {
      needs = await this.#needs.all();
    } catch (error) {
      this.#logger.warn(
        `What programs need of secrets is not told: ${stringifyError(error)}`,
      );
      return undefined;
    }
    const set = new Map<string, Array<Omit<SecretPath, 'service'>>>();
    for (const { service, ...place } of await this.#store.set()) {
      const ofService = set.get(service);
      if (ofService) ofService.push(place);
      else set.set(service, [place]);
    }
    const provided = await this.#versions.keysBy(PROVIDER);
    const environments = this.#places.all().map(({ name }) => name);
    return [...needs].flatMap(([service, uses]) => {
      const items = (set.get(service) ?? []).map(place => ({
        ...place,
        state: 'set' as const,
      }));
      const { name: secret } = parseEntityRef(service);
      return missingKeys(secret, environments, items, uses, {
        provided: provided.get(service),
      }).flatMap(
        missing =>
          this.#placed({
            ...{ service, environment: missing.environment, key: missing.key },
            ...{ kind: lackOf(missing), message: `${whyMissing(missing)}.` },
          }) ?? [],
      );
    });
  }

  /** What was written straight to Vault is not known everywhere, so it is looked for there. No value is read. */
  async #isThere({ service, environment, key }: Attention): Promise<boolean> {
    if (!key) return false;
    try {
      return (await this.#vault.facts({ service, environment, key })).readable;
    } catch (error) {
      // Where Vault cannot be asked, it is said as far as it is known.
      if (error instanceof VaultError) return false;
      throw error;
    }
  }

  /** @returns nothing for an environment that is not configured any more */
  #placed(one: Omit<Attention, 'production'>): Attention | undefined {
    const place = this.#places
      .all()
      .find(({ name }) => name === one.environment);
    return place && { ...one, production: place.production };
  }
}

function isLack({ kind }: Attention): boolean {
  return kind === 'missing' || kind === 'missing-next';
}

function ofRotation(
  { waiting, dueAt, problem, ...path }: TroubledRotation,
  now: string,
): Omit<Attention, 'production'> {
  if (dueAt < now && !waiting) {
    const message = `It was to be replaced by now${
      problem ? `: ${problem}` : ', and is not.'
    }`;
    return { ...path, kind: 'overdue', message, dueAt };
  }
  return problem
    ? { ...path, kind: 'failing', message: problem, dueAt }
    : {
        ...{ ...path, kind: 'due', dueAt },
        message: 'It is replaced by itself within a day.',
      };
}
