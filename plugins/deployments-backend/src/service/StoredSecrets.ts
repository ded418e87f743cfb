import {
  isError,
  ServiceUnavailableError,
  stringifyError,
} from '@backstage/errors';
import {
  createOperationClient,
  FetchApi,
  OperationClient,
} from '@highroad/plugin-platform-common';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { KeptKeys, KeptSecrets } from './SecretsCheck';

/** Keys of secrets, as the plugin that keeps them says. */
export class StoredSecrets implements KeptSecrets {
  readonly #secrets: Pick<
    OperationClient<typeof secretOperations>,
    'list' | 'status'
  >;

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: FetchApi }) {
    this.#secrets = createOperationClient(secretOperations, options.fetchApi);
  }

  async keys(
    service: string,
    environment: string,
  ): Promise<KeptKeys | undefined> {
    try {
      const { state } = await this.#secrets.status({});
      if (state === 'not-connected') return undefined;
      const { items, unseen } = await this.#secrets.list({
        ...{ service, environment },
      });
      const set = items.filter(one => one.state === 'set');
      return {
        keys: new Set(set.filter(one => !one.leftOut).map(one => one.key)),
        leftOut: new Map(
          set.flatMap(({ key, leftOut }) => (leftOut ? [[key, leftOut]] : [])),
        ),
        unseen: new Map(
          unseen.flatMap(({ key, why }) => (key ? [[key, why]] : [])),
        ),
      };
    } catch (error) {
      // A portal without the plugin for secrets keeps none.
      if (isError(error) && error.statusCode === 404) return undefined;
      throw new ServiceUnavailableError(
        `It cannot be seen which secrets ${service} has in ${environment}: ${stringifyError(
          error,
        )}`,
      );
    }
  }
}
