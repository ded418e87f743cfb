import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import {
  CheckedReferences,
  CheckedReferenceStore,
} from '../database/CheckedReferenceStore';

/** Keeps what a check found manifests to refer to, for those who look for missing secrets. */
export class KeptLooks {
  readonly #logger: Pick<LoggerService, 'warn'>;
  readonly #store: Pick<CheckedReferenceStore, 'keep'>;

  constructor(options: {
    logger: Pick<LoggerService, 'warn'>;
    store: Pick<CheckedReferenceStore, 'keep'>;
  }) {
    this.#logger = options.logger;
    this.#store = options.store;
  }

  /** Never throws: nothing is refused because this could not be kept. */
  async keep(checked: CheckedReferences): Promise<void> {
    try {
      await this.#store.keep(checked);
    } catch (error) {
      const { service, environment, version } = checked;
      this.#logger.warn(
        `Which secrets ${service} ${version} refers to in ${environment} could not be kept, so that missing ones are shown once it is deployed: ${stringifyError(
          error,
        )}`,
      );
    }
  }
}
