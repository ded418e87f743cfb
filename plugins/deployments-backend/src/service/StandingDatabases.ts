import {
  isError,
  ServiceUnavailableError,
  stringifyError,
} from '@backstage/errors';
import { environmentOperations } from '@highroad/plugin-environments-common';
import {
  createOperationClient,
  FetchApi,
  OperationClient,
} from '@highroad/plugin-platform-common';
import { SecretProvider } from './SecretsCheck';

/** Databases of services, which the plugin for environments makes. */
export class StandingDatabases implements SecretProvider {
  readonly #environments: Pick<
    OperationClient<typeof environmentOperations>,
    'provideDatabases'
  >;

  /** @param options.fetchApi - resolves `plugin://` addresses and signs requests */
  constructor(options: { fetchApi: FetchApi }) {
    this.#environments = createOperationClient(
      environmentOperations,
      options.fetchApi,
    );
  }

  async provide(
    service: string,
    environment: string,
    { dryRun }: { dryRun: boolean },
  ): Promise<{ keys: Set<string>; lines: string[] }> {
    try {
      const { databases, left } = await this.#environments.provideDatabases({
        ...{ service, environment, dryRun },
      });
      const fresh = databases.filter(({ outcome }) => outcome !== 'there');
      return {
        keys: new Set(databases.map(({ key }) => key)),
        lines: [
          ...fresh.map(({ resource, key, outcome }) =>
            outcome === 'made'
              ? `The database ${resource} was made, and its address kept as ${key}`
              : `The database ${resource} is going to be made, and its address kept as ${key}`,
          ),
          ...left,
        ],
      };
    } catch (error) {
      // A portal without the plugin for environments makes none.
      if (isError(error) && error.statusCode === 404) {
        return { keys: new Set(), lines: [] };
      }
      throw new ServiceUnavailableError(
        `It cannot be seen to the databases of ${service} in ${environment}: ${stringifyError(
          error,
        )}`,
      );
    }
  }
}
