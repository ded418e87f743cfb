import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  EnvironmentResource,
  EnvironmentResources,
  ResourceChange,
} from '../service/EnvironmentResources';
import { isKept } from '../service/lifetimeEnd';
import { PullRequestRef } from './PullRequestRef';

/** What does not matter much to whoever reads the comment is told together with what comes right after it. */
const TOGETHER_MS = 1_000;
/** After a start, all are looked at, but not all at once. */
const SPREAD_MS = 30_000;

/** Has pull requests looked at whose environments changed, so that the comment says how they stand. */
export class EnvironmentWatcher {
  readonly #environments: EnvironmentResources;
  readonly #hosts: Set<string>;
  readonly #logger: LoggerService;
  readonly #random: () => number;
  readonly #want: (ref: PullRequestRef, inMs: number) => Promise<void>;
  /** By name: whose it is, and what was last seen of it */
  readonly #seen = new Map<string, { ref: PullRequestRef; digest: string }>();

  constructor(options: {
    environments: EnvironmentResources;
    /** Those that are connected */
    hosts: string[];
    logger: LoggerService;
    /** From 0 to 1 */
    random: () => number;
    want: (ref: PullRequestRef, inMs: number) => Promise<void>;
  }) {
    this.#environments = options.environments;
    this.#hosts = new Set(options.hosts);
    this.#logger = options.logger;
    this.#random = options.random;
    this.#want = options.want;
  }

  /** @returns ends it */
  start(): () => void {
    return this.#environments.onChange(change => {
      this.#changed(change).catch(error => {
        // It is looked at by and by all the same.
        this.#logger.warn(
          `The change of an environment could not be noted: ${stringifyError(
            error,
          )}`,
        );
      });
    });
  }

  async #changed(change: ResourceChange): Promise<void> {
    if (change.type === 'gone') {
      const { home, name } = change.key;
      const known = this.#seen.get(name);
      if (!known || home !== this.#environments.home) return;
      this.#seen.delete(name);
      await this.#want(known.ref, 0);
      return;
    }
    const { resource } = change;
    const ref = this.#refOf(resource);
    if (!ref) return;
    const before = this.#seen.get(resource.name);
    const digest = digestOf(resource);
    if (before?.digest === digest) return;
    this.#seen.set(resource.name, { ref, digest });
    if (!before) {
      await this.#want(ref, this.#random() * SPREAD_MS);
      return;
    }
    const matters =
      resource.deletedAt !== undefined ||
      ['ready', 'failed', 'refused'].includes(resource.status.phase ?? '');
    await this.#want(ref, matters ? 0 : TOGETHER_MS);
  }

  #refOf({ home, spec }: EnvironmentResource): PullRequestRef | undefined {
    const reference = spec?.pullRequest;
    if (!reference || home !== this.#environments.home) return undefined;
    const { host, repository, number } = reference;
    if (!this.#hosts.has(host)) return undefined;
    const [owner, name] = repository.split('/');
    return { host, owner, name, number };
  }
}

/** All that a comment shows of it. */
function digestOf(resource: EnvironmentResource): string {
  const { status, generation, deletedAt } = resource;
  const { phase, message, services, databases, expiresAt, warnings } = status;
  return JSON.stringify([
    ...[phase, message, services, databases, expiresAt, warnings],
    ...[status.observedGeneration === generation, deletedAt, isKept(resource)],
  ]);
}
