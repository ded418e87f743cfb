import { ConflictError, ServiceUnavailableError } from '@backstage/errors';
import { DatabaseDriver } from '@highroad/plugin-environments-node';
import { OperationClient, SecretValue } from '@highroad/plugin-platform-common';
import { standingOwner } from '@highroad/plugin-platform-node/postgres';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { addressOf } from '../drivers/databases/addressOf';
import { StandingTurns } from './StandingTurns';
import { WantedDatabase, WantedDatabases } from './WantedDatabases';

const PROVIDE_MS = 60_000;

/** What became of one. */
export interface StandingDatabase {
  resource: string;
  key: string;
  outcome: 'made' | 'would-be-made' | 'there';
}

type Secrets = Pick<
  OperationClient<typeof secretOperations>,
  'list' | 'provide'
>;

/**
 * Databases of services where these stand: made when a service is first deployed there, and kept. Only the store for
 * secrets knows their passwords.
 */
export class StandingDatabases {
  readonly #driver: DatabaseDriver | undefined;
  readonly #newPassword: () => SecretValue;
  readonly #secrets: Secrets;
  readonly #turns: Pick<StandingTurns, 'alone'>;
  readonly #wanted: Pick<WantedDatabases, 'of'>;

  constructor(options: {
    /** None where no server is connected */
    driver: DatabaseDriver | undefined;
    newPassword: () => SecretValue;
    secrets: Secrets;
    turns: Pick<StandingTurns, 'alone'>;
    wanted: Pick<WantedDatabases, 'of'>;
  }) {
    this.#driver = options.driver;
    this.#newPassword = options.newPassword;
    this.#secrets = options.secrets;
    this.#turns = options.turns;
    this.#wanted = options.wanted;
  }

  /**
   * Has what is missing made. Done again after a crash it comes to the same.
   *
   * @param options.dryRun - only says what would be made
   * @throws NotFoundError for an unknown service
   * @throws ServiceUnavailableError if the server or the store for secrets does not answer
   */
  async provide(
    service: string,
    environment: string,
    options: { dryRun: boolean },
  ): Promise<{ databases: StandingDatabase[]; left: string[] }> {
    const wanted = await this.#wanted.of(service);
    if (wanted.databases.length === 0) return { ...wanted, databases: [] };
    const driver = this.#driver;
    if (!driver) {
      return {
        databases: [],
        left: [
          ...wanted.left,
          'The platform makes no databases here: no server is connected under platform.previews.databases.',
        ],
      };
    }
    const place = { service, environment };
    const databases = options.dryRun
      ? await this.#missing(wanted.databases, place)
      : await this.#turns.alone(place, async () => {
          const found = await this.#missing(wanted.databases, place);
          for (const one of found) {
            if (one.outcome === 'there') continue;
            await this.#make(driver, one, place);
            one.outcome = 'made';
          }
          return found;
        });
    return {
      databases: databases.map(({ resource, key, outcome }) => ({
        ...{ resource, key, outcome },
      })),
      left: wanted.left,
    };
  }

  async #missing(
    wanted: WantedDatabase[],
    { service, environment }: { service: string; environment: string },
  ): Promise<Array<WantedDatabase & StandingDatabase>> {
    const { items, unseen } = await this.#secrets.list({
      ...{ service, environment },
    });
    const known = new Set([...items, ...unseen].map(({ key }) => key));
    return wanted.map(one => ({
      ...one,
      outcome: known.has(one.key) ? 'there' : 'would-be-made',
    }));
  }

  async #make(
    driver: DatabaseDriver,
    { name, key }: WantedDatabase,
    place: { service: string; environment: string },
  ): Promise<void> {
    const { service, environment } = place;
    const request = {
      // Whose the role is, as rotations read it.
      environmentUid: standingOwner(place),
      ...{ environment, name },
    };
    const password = this.#newPassword();
    try {
      await driver.provide(request, {
        password,
        signal: AbortSignal.timeout(PROVIDE_MS),
        onProgress() {},
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ServiceUnavailableError(
        `The database ${name} of ${service} in ${environment} could not be made: ${why}`,
      );
    }
    const address = addressOf(driver.connectionOf(request), password);
    const { provided } = await this.#secrets.provide({
      ...{ service, environment, key, value: address },
      reason: `The database ${name}, made by the platform`,
    });
    if (provided) return;
    throw new ConflictError(
      `${key} of ${service} in ${environment} was set by somebody while its database was made, and is left as it is.`,
    );
  }
}
