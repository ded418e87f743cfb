import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { environmentOperations } from '@highroad/plugin-environments-common';
import { OperationClient } from '@highroad/plugin-platform-common';
import { LentKey, SecretSync } from '@highroad/plugin-secrets-common';
import { Loans, Previews } from '../../service/Previews';

/** Whoever changes a secret waits no longer for environments on demand, in milliseconds. */
const MOST_MS = 8_000;
/** Whoever lists secrets, no longer than this. */
const MOST_LOOKING_MS = 3_000;

type Environments = Pick<
  OperationClient<typeof environmentOperations>,
  'followSecrets' | 'lentSecrets'
>;

/** Environments on demand, as the plugin for these answers for them. */
export class LentPreviews implements Loans, Previews {
  readonly #environments: Environments;
  readonly #lentFrom: string | undefined;
  readonly #logger: LoggerService;

  /** @param options.lentFrom - the standing environment whose secrets they are lent; nobody is asked about others */
  constructor(options: {
    environments: Environments;
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
  async lent(
    service: string,
  ): Promise<{ lent: LentKey[]; lentUnknown?: string }> {
    const environment = this.#lentFrom;
    if (!environment) return { lent: [] };
    try {
      const { items } = await this.#environments.lentSecrets(
        ...([
          { service, environment },
          { signal: AbortSignal.timeout(MOST_LOOKING_MS) },
        ] as const),
      );
      const keys = [...new Set(items.flatMap(one => one.keys))].sort();
      return {
        lent: keys.map(key => ({
          ...{ environment, key },
          to: items
            .filter(one => one.keys.includes(key))
            .map(one => one.environment),
        })),
      };
    } catch (error) {
      this.#logger.warn(
        `Which environments on demand are lent secrets of ${service} cannot be seen: ${stringifyError(
          error,
        )}`,
      );
      return {
        lent: [],
        lentUnknown:
          'Which environments on demand are lent these keys cannot be seen now.',
      };
    }
  }
}
