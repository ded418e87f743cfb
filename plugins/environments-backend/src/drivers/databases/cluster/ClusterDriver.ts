import { ServiceUnavailableError } from '@backstage/errors';
import {
  AppliedSeed,
  DatabaseConnection,
  DatabaseDriver,
  DatabaseHolding,
  DatabaseObject,
  DatabaseRequest,
  Seed,
} from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  ClusterClient,
  PodTunnel,
} from '@highroad/plugin-platform-node/kubernetes';
import { ClusterDatabaseSettings } from '../../../service/PreviewSettings';
import { ServerDriver } from '../server/ServerDriver';
import {
  ADMIN,
  databaseObjects,
  objectNameOf,
  podNameOf,
  PORT,
} from './databaseObjects';
import { whyNotReady } from './whyNotReady';

/** How a server in a pod is reached and signed in to. */
export interface ReachedServer extends PodTunnel {
  user: string;
  password: string;
}

/**
 * Makes databases on a PostgreSQL server in the environment's own namespace, one for each. That server is reached through
 * the API server, and what is done on it is what the other driver does: the same role, the same seeding in one
 * transaction, the same errors with their lines.
 */
export class ClusterDriver implements DatabaseDriver {
  readonly #settings: ClusterDatabaseSettings;
  readonly #pullSecret: string | undefined;
  readonly #client: () => ClusterClient | { missing: string };
  readonly #reach: (
    pod: { namespace: string; name: string },
    admin: SecretValue,
  ) => Promise<ReachedServer>;

  /**
   * @param options.pullSecret - name of a Secret in the environment's namespace
   * @param options.reach - another way to a server than through the API server
   */
  constructor(options: {
    settings: ClusterDatabaseSettings;
    pullSecret?: string;
    client: () => ClusterClient | { missing: string };
    reach?: (
      pod: { namespace: string; name: string },
      admin: SecretValue,
    ) => Promise<ReachedServer>;
  }) {
    this.#settings = options.settings;
    this.#pullSecret = options.pullSecret;
    this.#client = options.client;
    this.#reach =
      options.reach ??
      (async (pod, admin) => ({
        ...(await this.#connected().tunnel(pod, PORT)),
        ...{ user: ADMIN, password: admin.reveal() },
      }));
  }

  connectionOf(request: DatabaseRequest): DatabaseConnection {
    const { host, port } = { host: objectNameOf(request.name), port: PORT };
    return server({ host, port, user: ADMIN, password: '' }).connectionOf(
      request,
    );
  }

  objects(
    { name }: DatabaseRequest,
    { secret }: { secret: string },
  ): DatabaseObject[] {
    return databaseObjects(name, {
      ...{ secret, settings: this.#settings },
      ...(this.#pullSecret && { pullSecret: this.#pullSecret }),
    });
  }

  async provide(
    request: DatabaseRequest,
    options: {
      password: SecretValue;
      admin?: SecretValue;
      seed?: () => Promise<Seed>;
      signal: AbortSignal;
      onProgress(doneBytes: number): void;
    },
  ): Promise<AppliedSeed | undefined> {
    const { admin, ...rest } = options;
    const { namespace } = request;
    if (!namespace || !admin) {
      throw new Error(
        'The driver "cluster" makes databases of environments only.',
      );
    }
    const name = podNameOf(request.name);
    const waits = whyNotReady(
      await this.#connected().find({ kind: 'Pod', name, namespace }),
    );
    // When that changes it is tried again at once.
    if (waits) throw new ServiceUnavailableError(waits);
    const reached = await this.#reach({ namespace, name }, admin);
    try {
      return await server(reached).provide(request, rest);
    } catch (error) {
      const trouble = reached.trouble();
      if (!trouble || options.signal.aborted) throw error;
      throw new ServiceUnavailableError(
        `The database's pod could not be reached through the API server: ${trouble}`,
        error,
      );
    } finally {
      await reached.close();
    }
  }

  /** They go with the namespace, whose end is waited for. */
  async removeAll(): Promise<void> {}

  async holdings(): Promise<DatabaseHolding[]> {
    return [];
  }

  #connected(): ClusterClient {
    const client = this.#client();
    if ('missing' in client) throw new ServiceUnavailableError(client.missing);
    return client;
  }
}

function server(reached: {
  host: string;
  port: number;
  user: string;
  password: string;
}): ServerDriver {
  const { host, port, user, password } = reached;
  return new ServerDriver({
    settings: {
      ...{ host, port, user, password },
      ...{ database: 'postgres', ssl: false },
      // It has the server for itself.
      connections: 100,
    },
  });
}
