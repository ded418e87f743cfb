import { CatalogClient } from '@backstage/catalog-client';
import { ResponseError } from '@backstage/errors';
import { auditOperations } from '@highroad/plugin-audit-common';
import { CatalogPlatformClient } from '@highroad/plugin-catalog-platform-common';
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { environmentOperations } from '@highroad/plugin-environments-common';
import { CreateClient } from '@highroad/plugin-create-common';
import { metricsOperations } from '@highroad/plugin-metrics-common';
import {
  createOperationClient,
  DOOR_HEADER,
  OperationClient,
} from '@highroad/plugin-platform-common';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { z } from 'zod';
import { Connection } from './locate';
import { ScaffolderTasks } from './ScaffolderTasks';

const identitySchema = z.object({
  sub: z.string(),
  ent: z.array(z.string()).optional(),
});

/** The portal's services, called as whoever is signed in. */
export class Portal {
  readonly connection: Connection;
  readonly catalog: CatalogClient;
  readonly create: CreateClient;
  readonly dependencies: CatalogPlatformClient;
  readonly audit: OperationClient<typeof auditOperations>;
  readonly deployments: OperationClient<typeof deploymentOperations>;
  readonly environments: OperationClient<typeof environmentOperations>;
  readonly metrics: OperationClient<typeof metricsOperations>;
  readonly secrets: OperationClient<typeof secretOperations>;
  readonly tasks: ScaffolderTasks;
  #token: Promise<string> | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
    const fetchApi = { fetch: this.fetch };
    const discoveryApi = {
      getBaseUrl: async (plugin: string) =>
        `${connection.backendUrl}/api/${plugin}`,
    };
    this.catalog = new CatalogClient({ discoveryApi, fetchApi });
    this.create = new CreateClient({ fetchApi });
    this.dependencies = new CatalogPlatformClient({ fetchApi });
    this.audit = createOperationClient(auditOperations, fetchApi);
    this.deployments = createOperationClient(deploymentOperations, fetchApi);
    this.environments = createOperationClient(environmentOperations, fetchApi);
    this.metrics = createOperationClient(metricsOperations, fetchApi);
    this.secrets = createOperationClient(secretOperations, fetchApi);
    this.tasks = new ScaffolderTasks({ fetchApi });
  }

  /** Resolves `plugin://` addresses and signs requests. */
  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(this.#resolve(input), init);
    this.#token ??= this.connection.token();
    request.headers.set(DOOR_HEADER, 'cli');
    request.headers.set('Authorization', `Bearer ${await this.#token}`);
    return fetch(request);
  };

  /** Who is signed in, as their token says. */
  async identity(): Promise<{ userRef: string; ownership: string[] }> {
    this.#token ??= this.connection.token();
    const [, payload = ''] = (await this.#token).split('.');
    const parsed = identitySchema.safeParse(parseJson(payload));
    if (!parsed.success) return { userRef: 'a service token', ownership: [] };
    if (parsed.data.ent) {
      return { userRef: parsed.data.sub, ownership: parsed.data.ent };
    }
    const response = await this.fetch('plugin://auth/v1/userinfo');
    if (!response.ok) throw await ResponseError.fromResponse(response);
    const claims = z
      .object({ claims: identitySchema })
      .parse(await response.json());
    return {
      userRef: claims.claims.sub,
      ownership: claims.claims.ent ?? [claims.claims.sub],
    };
  }

  /** The page of something, for a person to open. */
  page(path: string): string {
    return `${this.connection.portalUrl ?? this.connection.backendUrl}${path}`;
  }

  #resolve(input: RequestInfo | URL): RequestInfo | URL {
    if (typeof input !== 'string') return input;
    return input.replace(
      /^plugin:\/\/([^/]+)/,
      `${this.connection.backendUrl}/api/$1`,
    );
  }
}

function parseJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
