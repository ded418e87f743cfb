import { stringifyError } from '@backstage/errors';
import { environmentOperations } from '@highroad/plugin-environments-common';
import { OperationClient } from '@highroad/plugin-platform-common';
import { Followers } from '../../service/rotation/Rotator';
import { ClusterSecrets } from '../kubernetes/ClusterSecrets';
import { SecretPath } from '../vault/SecretPath';

/** So long it is waited for what environments on demand answer, in milliseconds. */
const MOST_MS = 8_000;

/** Whether environments on demand use the newest of what they are lent, as the plugin for these answers for them. */
export class PreviewFollowers implements Followers {
  readonly #clusters: Pick<ClusterSecrets, 'knows' | 'restarting'>;
  readonly #environments: Pick<
    OperationClient<typeof environmentOperations>,
    'followSecrets'
  >;
  readonly #lentFrom: string | undefined;

  /** @param options.lentFrom - the standing environment whose secrets they are lent; nobody is asked about others */
  constructor(options: {
    clusters: Pick<ClusterSecrets, 'knows' | 'restarting'>;
    environments: Pick<
      OperationClient<typeof environmentOperations>,
      'followSecrets'
    >;
    lentFrom?: string;
  }) {
    this.#clusters = options.clusters;
    this.#environments = options.environments;
    this.#lentFrom = options.lentFrom;
  }

  async behind(path: SecretPath): Promise<string | undefined> {
    if (path.environment !== this.#lentFrom) return undefined;
    try {
      return await this.#behind(path);
    } catch (error) {
      // Nobody knows what they use then.
      return `Environments on demand could not be asked: ${
        error instanceof Error ? error.message : stringifyError(error)
      }`;
    }
  }

  async #behind({
    service,
    environment,
    key,
  }: SecretPath): Promise<string | undefined> {
    const { items } = await this.#environments.followSecrets(
      // They are compared with the newest version, also where that is deleted.
      { service, environment, keys: [key], deleted: [] },
      { signal: AbortSignal.timeout(MOST_MS) },
    );
    for (const { environment: name, state, ...one } of items) {
      // What waits for its first values has none before.
      if (state === 'waiting') continue;
      if (state !== 'synced') {
        return `The environment on demand ${name}: ${one.message}`;
      }
      if (one.restartAt) {
        return `The environment on demand ${name}: programs are about to be restarted.`;
      }
      const { cluster, namespace, secret } = one;
      if (!this.#clusters.knows(cluster)) continue;
      const place = { cluster, namespace, secret };
      const restarting = await this.#clusters.restarting(place);
      if (restarting.length > 0) {
        return `The environment on demand ${name}: ${restarting.join(
          ', ',
        )} still ${restarting.length === 1 ? 'restarts' : 'restart'}.`;
      }
    }
    return undefined;
  }
}
