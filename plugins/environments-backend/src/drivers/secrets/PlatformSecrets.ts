import { AuthService } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { isError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { OperationClient, SecretValue } from '@highroad/plugin-platform-common';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { SecretProblem, SecretSource } from '../../controller/SecretSource';

/** Whose a service is is asked at each look at an environment; what the catalog said is believed this long. */
const FRESH_MS = 30_000;

/** Secrets of services, as the platform keeps them for one standing environment. */
export class PlatformSecrets implements SecretSource {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #secrets: Pick<
    OperationClient<typeof secretOperations>,
    'lend' | 'newest'
  >;
  readonly #from: string | undefined;
  readonly #now: () => Date;
  readonly #owners = new Map<string, { owner?: string; at: number }>();

  /** @param options.from - the standing environment; none is lent if left out */
  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    secrets: Pick<OperationClient<typeof secretOperations>, 'lend' | 'newest'>;
    from?: string;
    now: () => Date;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#secrets = options.secrets;
    this.#from = options.from;
    this.#now = options.now;
  }

  async ownerOf(service: string): Promise<string | undefined> {
    const at = this.#now().getTime();
    const known = this.#owners.get(service);
    if (known && at - known.at < FRESH_MS) return known.owner;
    const entity = await this.#catalog.getEntityByRef(service, {
      credentials: await this.#auth.getOwnServiceCredentials(),
    });
    const owner = entity?.relations?.find(
      ({ type }) => type === RELATION_OWNED_BY,
    )?.targetRef;
    this.#owners.set(service, { at, ...(owner && { owner }) });
    return owner;
  }

  async newest(service: string): Promise<Record<string, number>> {
    const { versions } = await this.#secrets.newest({
      ...{ service, environment: this.#standing() },
    });
    return versions;
  }

  async lend(
    service: string,
    keys: string[],
    to: string,
  ): Promise<Map<string, SecretValue>> {
    const environment = this.#standing();
    try {
      const { items } = await this.#secrets.lend({
        ...{ service, environment, keys, to },
      });
      return new Map(
        items.map(({ key, value, encoding }) => [
          key,
          new SecretValue(
            encoding === 'base64'
              ? value
              : Buffer.from(value).toString('base64'),
          ),
        ]),
      );
    } catch (error) {
      throw isError(error) && error.statusCode === 404
        ? new SecretProblem(
            `${service} lacks a secret in ${environment} that it asks for. Set it: ${keys.join(
              ', ',
            )}.`,
          )
        : error;
    }
  }

  #standing(): string {
    if (!this.#from) throw new SecretProblem('No secrets are lent here.');
    return this.#from;
  }
}
