import { AuthService } from '@backstage/backend-plugin-api';
import { RELATION_OWNED_BY } from '@backstage/catalog-model';
import { isError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { OperationClient, SecretValue } from '@highroad/plugin-platform-common';
import { withinTime } from '@highroad/plugin-platform-node';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { SecretProblem, SecretSource } from '../../controller/SecretSource';

/** Whose a service is is asked at each look at an environment; what the catalog said is believed this long. */
const FRESH_MS = 30_000;
/** Whoever asks holds a place of those for environments: nobody is waited for longer, in milliseconds. */
const ANSWER_MS = 15_000;

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
  readonly #answerMs: number;
  readonly #owners = new Map<string, { owner?: string; at: number }>();

  /**
   * @param options.from - the standing environment; none is lent if left out
   * @param options.answerMs - how long the catalog and the store are waited for, in milliseconds
   */
  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    secrets: Pick<OperationClient<typeof secretOperations>, 'lend' | 'newest'>;
    from?: string;
    now: () => Date;
    answerMs?: number;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#secrets = options.secrets;
    this.#from = options.from;
    this.#now = options.now;
    this.#answerMs = options.answerMs ?? ANSWER_MS;
  }

  async ownerOf(service: string): Promise<string | undefined> {
    const at = this.#now().getTime();
    const known = this.#owners.get(service);
    if (known && at - known.at < FRESH_MS) return known.owner;
    const entity = await this.#inTime(
      this.#entity(service),
      `whose ${service} is, the catalog`,
    );
    const owner = entity?.relations?.find(
      ({ type }) => type === RELATION_OWNED_BY,
    )?.targetRef;
    this.#owners.set(service, { at, ...(owner && { owner }) });
    return owner;
  }

  async newest(service: string): Promise<Record<string, number>> {
    const { versions } = await this.#inTime(
      this.#secrets.newest({ service, environment: this.#standing() }),
      `what is the newest of ${service}, the store for secrets`,
    );
    return versions;
  }

  async lend(
    service: string,
    keys: string[],
    to: string,
  ): Promise<Map<string, SecretValue>> {
    const environment = this.#standing();
    try {
      const { items } = await this.#inTime(
        this.#secrets.lend({ service, environment, keys, to }),
        `for secrets of ${service}, the store for secrets`,
      );
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

  async #entity(service: string) {
    const credentials = await this.#auth.getOwnServiceCredentials();
    return this.#catalog.getEntityByRef(service, { credentials });
  }

  /** @param asked - for what, and who */
  #inTime<T>(answer: Promise<T>, asked: string): Promise<T> {
    return withinTime(
      answer,
      this.#answerMs,
      `Asked ${asked} did not answer within ${Math.round(
        this.#answerMs / 1000,
      )} seconds.`,
    );
  }

  #standing(): string {
    if (!this.#from) throw new SecretProblem('No secrets are lent here.');
    return this.#from;
  }
}
