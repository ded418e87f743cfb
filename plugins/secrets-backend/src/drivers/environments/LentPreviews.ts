import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { environmentOperations } from '@highroad/plugin-environments-common';
import { OperationClient } from '@highroad/plugin-platform-common';
import { SecretSync } from '@highroad/plugin-secrets-common';
import { Previews } from '../../service/Previews';

/** Whoever changes a secret waits no longer for environments on demand, in milliseconds. */
const MOST_MS = 8_000;

/** Environments on demand, as the plugin for these answers for them. */
export class LentPreviews implements Previews {
  readonly #environments: Pick<
    OperationClient<typeof environmentOperations>,
    'followSecrets'
  >;
  readonly #lentFrom: string | undefined;
  readonly #logger: LoggerService;

  /** @param options.lentFrom - the standing environment whose secrets they are lent; nobody is asked about others */
  constructor(options: {
    environments: Pick<
      OperationClient<typeof environmentOperations>,
      'followSecrets'
    >;
    lentFrom?: string;
    logger: LoggerService;
  }) {
    this.#environments = options.environments;
    this.#lentFrom = options.lentFrom;
    this.#logger = options.logger;
  }

  async follow(
    changed: Parameters<Previews['follow']>[0],
  ): Promise<SecretSync[]> {
    if (changed.environment !== this.#lentFrom) return [];
    try {
      const { items } = await this.#environments.followSecrets(changed, {
        signal: AbortSignal.timeout(MOST_MS),
      });
      return items;
    } catch (error) {
      const { service, environment } = changed;
      this.#logger.warn(
        `Environments on demand could not be told that secrets of ${service} in ${environment} have changed: ${stringifyError(
          error,
        )}`,
      );
      return [
        {
          ...{ environment: 'previews', cluster: '', namespace: '' },
          ...{ secret: '', state: 'behind' },
          message:
            'Environments on demand could not be told of it. Those that are lent it look for it themselves, every ten seconds.',
        },
      ];
    }
  }
}
