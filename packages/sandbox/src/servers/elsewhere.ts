import { Client } from 'pg';
import { z } from 'zod';
import { Connection } from '../connection/schema';
import { giteaRequest } from './giteaApi';
import { ServerDefinition } from './Server';
import { isLoopback } from '../images/imageName';
import { vaultRequest } from './vaultApi';

/** Servers that run already, as the environment names them: used instead of starting one. */
const environmentSchema = z.object({
  HIGHROAD_SANDBOX_POSTGRES_URL: z.string().url().optional(),
  HIGHROAD_SANDBOX_VAULT_ADDR: z.string().url().optional(),
  HIGHROAD_SANDBOX_VAULT_TOKEN: z.string().optional(),
  HIGHROAD_SANDBOX_REGISTRY_URL: z.string().url().optional(),
  HIGHROAD_SANDBOX_PROMETHEUS_URL: z.string().url().optional(),
  HIGHROAD_SANDBOX_GITEA_URL: z.string().url().optional(),
  HIGHROAD_SANDBOX_GITEA_USERNAME: z.string().optional(),
  HIGHROAD_SANDBOX_GITEA_PASSWORD: z.string().optional(),
});

/** What is taken from elsewhere, by the server it stands for. */
export interface Elsewhere {
  postgres?: Connection['postgres'];
  vault?: Pick<Connection['vault'], 'address' | 'addressFromPods'> & {
    token: string;
  };
  registry?: Connection['registry'];
  prometheus?: Connection['prometheus'];
  gitea?: Pick<
    Connection['gitea'],
    'address' | 'host' | 'username' | 'password'
  >;
}

/**
 * @throws Error that names the variable that is missing or is no address
 */
export function elsewhereFrom(env: NodeJS.ProcessEnv): Elsewhere {
  const parsed = environmentSchema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(
      `${issue.path.join('.')} is not an address such as http://127.0.0.1:8200`,
    );
  }
  const at = parsed.data;
  const address = (url: string) => url.replace(/\/+$/, '');
  return {
    postgres: postgresFrom(at.HIGHROAD_SANDBOX_POSTGRES_URL),
    vault: at.HIGHROAD_SANDBOX_VAULT_ADDR
      ? {
          address: address(at.HIGHROAD_SANDBOX_VAULT_ADDR),
          addressFromPods: unlessLoopback(
            address(at.HIGHROAD_SANDBOX_VAULT_ADDR),
            new URL(at.HIGHROAD_SANDBOX_VAULT_ADDR).hostname,
          ),
          token: required(at, 'HIGHROAD_SANDBOX_VAULT_TOKEN'),
        }
      : undefined,
    registry: at.HIGHROAD_SANDBOX_REGISTRY_URL
      ? {
          address: address(at.HIGHROAD_SANDBOX_REGISTRY_URL),
          host: new URL(at.HIGHROAD_SANDBOX_REGISTRY_URL).host,
        }
      : undefined,
    prometheus: at.HIGHROAD_SANDBOX_PROMETHEUS_URL
      ? { address: address(at.HIGHROAD_SANDBOX_PROMETHEUS_URL) }
      : undefined,
    gitea: at.HIGHROAD_SANDBOX_GITEA_URL
      ? {
          address: address(at.HIGHROAD_SANDBOX_GITEA_URL),
          host: new URL(at.HIGHROAD_SANDBOX_GITEA_URL).host,
          username: required(at, 'HIGHROAD_SANDBOX_GITEA_USERNAME'),
          password: required(at, 'HIGHROAD_SANDBOX_GITEA_PASSWORD'),
        }
      : undefined,
  };
}

function postgresFrom(
  url: string | undefined,
): Connection['postgres'] | undefined {
  if (!url) return undefined;
  const { hostname, port, username, password } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    url,
    hostFromPods: unlessLoopback(hostname, hostname),
  };
}

/** Pods reach what this machine reaches, but for what listens on its loopback. */
function unlessLoopback(value: string, hostname: string): string | undefined {
  return isLoopback(hostname) ? undefined : value;
}

function required(
  env: z.infer<typeof environmentSchema>,
  name: keyof z.infer<typeof environmentSchema>,
): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is missing: it goes with the address`);
  return value;
}

const versionSchema = z.object({ version: z.string() });

/** The oldest versions that do what the platform needs. */
const OLDEST = { postgres: 15, vault: [1, 15], gitea: [1, 22] } as const;

/**
 * How each server that runs elsewhere is asked for its version.
 *
 * @throws Error when it does not answer, or is too old
 */
const CHECKS: Record<
  keyof Elsewhere,
  (connection: Connection) => Promise<string>
> = {
  async postgres({ postgres: { url } }) {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: 3000,
    });
    await client.connect();
    try {
      const { rows } = await client.query('SHOW server_version');
      const version = String(rows[0].server_version);
      if (parseInt(version, 10) < OLDEST.postgres)
        throw tooOld('PostgreSQL', version, String(OLDEST.postgres));
      return version;
    } finally {
      await client.end();
    }
  },
  async vault({ vault: { address } }) {
    const health = await vaultRequest(
      address,
      'GET',
      'sys/health?standbyok=true',
    );
    return fits('Vault', versionSchema.parse(health).version, OLDEST.vault);
  },
  async gitea({ gitea }) {
    const answer = await giteaRequest(gitea, 'GET', 'version');
    return fits('Gitea', versionSchema.parse(answer).version, OLDEST.gitea);
  },
  async registry({ registry: { address } }) {
    const response = await fetch(`${address}/v2/`, {
      signal: AbortSignal.timeout(3000),
    });
    if (!response.ok)
      throw new Error(`The registry answers ${response.status} on /v2/.`);
    return response.headers.get('Docker-Distribution-Api-Version') ?? 'v2';
  },
  async prometheus({ prometheus: { address } }) {
    const response = await fetch(`${address}/api/v1/status/buildinfo`, {
      signal: AbortSignal.timeout(3000),
    });
    return z.object({ data: versionSchema }).parse(await response.json()).data
      .version;
  },
};

function fits(
  title: string,
  version: string,
  [major, minor]: readonly [number, number],
): string {
  const [haveMajor, haveMinor] = version
    .split('.')
    .map(part => parseInt(part, 10));
  if (haveMajor < major || (haveMajor === major && haveMinor < minor)) {
    throw tooOld(title, version, `${major}.${minor}`);
  }
  return version;
}

function tooOld(title: string, version: string, oldest: string): Error {
  return new Error(
    `${title} ${version} is too old: ${oldest} or newer is needed. Unset its address to have one started.`,
  );
}

/**
 * The definition of a server that runs elsewhere: nothing is prepared or started, and it is set up as the sandbox's
 * own would be.
 */
export function takenFromElsewhere(
  definition: ServerDefinition,
  elsewhere: Elsewhere,
): ServerDefinition {
  const name = (Object.keys(CHECKS) as (keyof Elsewhere)[]).find(
    key => key === definition.name,
  );
  if (!name || !elsewhere[name]) return definition;
  return {
    ...definition,
    origin: 'elsewhere',
    programs: [],
    needs: [],
    setUp: async ({ connection }) => {
      await CHECKS[name](connection);
    },
    command: undefined,
    beforeStop: undefined,
    tearDown: undefined,
    ready: async () => true,
  };
}
