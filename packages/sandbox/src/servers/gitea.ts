import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { Connection } from '../connection/schema';
import { readText, writeOwnFile } from '../machine/files';
import { CommandError, run } from '../machine/run';
import { giteaRequest, GiteaError } from './giteaApi';
import { answers } from './http';
import { ServerContext, ServerDefinition } from './Server';

const hooksSchema = z.array(
  z.object({
    id: z.number(),
    config: z.object({ url: z.string() }).passthrough(),
  }),
);

export const gitea: ServerDefinition = {
  name: 'gitea',
  title: 'Git repositories and pull requests',
  programs: ['gitea'],
  needs: [],
  address: connection => connection.gitea.address,
  async setUp(context) {
    const { paths } = context;
    await mkdir(paths.data('gitea', 'home'), { recursive: true, mode: 0o700 });
    await writeOwnFile(configFile(context), await appIni(context));
    await runGitea(context, ['migrate']);
    await createBot(context);
  },
  command: context => ({
    command: context.program('gitea').binary('gitea'),
    args: ['web', '--config', configFile(context)],
    env: environment(context),
    cwd: context.paths.data('gitea'),
  }),
  ready: ({ connection }) => answers(`${connection.gitea.address}/api/healthz`),
  async configure(context) {
    const { connection } = context;
    await settlePassword(context);
    await createOrganization(connection);
    await createWebhooks(connection);
  },
};

/** Tells the builder and the portal of what happens. While no portal runs, nothing is lost: it lists pull requests besides. */
export async function createWebhooks(connection: Connection): Promise<void> {
  await createWebhook(
    connection,
    `http://127.0.0.1:${connection.ports.builder}/hooks/gitea`,
    ['push', 'create', 'delete', 'pull_request', 'pull_request_sync'],
  );
  const host = encodeURIComponent(connection.gitea.host);
  await createWebhook(
    connection,
    `${portalBackend()}/api/environments/v1/webhooks/${host}`,
    ['pull_request', 'pull_request_sync', 'pull_request_comment'],
  );
  await createWebhook(
    connection,
    `${portalBackend()}/api/metrics/v1/webhooks/git-hosts`,
    ['pull_request', 'issues'],
  );
}

function configFile({ paths }: ServerContext): string {
  return paths.run('gitea.ini');
}

function environment({ paths }: ServerContext): Record<string, string> {
  return {
    GITEA_WORK_DIR: paths.data('gitea'),
    HOME: paths.data('gitea', 'home'),
  };
}

async function runGitea(
  context: ServerContext,
  args: string[],
): Promise<string> {
  return run(
    context.program('gitea').binary('gitea'),
    [...args, '--config', configFile(context)],
    {
      env: { ...process.env, ...environment(context) },
      cwd: context.paths.data('gitea'),
    },
  );
}

async function appIni(context: ServerContext): Promise<string> {
  const { paths, connection } = context;
  const data = (name: string) => paths.data('gitea', name);
  const secrets = await ownSecrets(context);
  const sections: Record<string, Record<string, string | number | boolean>> = {
    '': {
      APP_NAME: 'Highroad sandbox',
      RUN_MODE: 'prod',
      WORK_PATH: paths.data('gitea'),
      // Gitea warns against it for a server that others reach; this one listens on loopback only.
      I_AM_BEING_UNSAFE_RUNNING_AS_ROOT: process.getuid?.() === 0,
    },
    server: {
      PROTOCOL: 'http',
      HTTP_ADDR: '127.0.0.1',
      HTTP_PORT: connection.ports.gitea,
      ROOT_URL: `${connection.gitea.address}/`,
      STATIC_ROOT_PATH: context.program('gitea').asset('.'),
      APP_DATA_PATH: data('data'),
      DISABLE_SSH: true,
      OFFLINE_MODE: true,
      LFS_START_SERVER: false,
    },
    database: {
      DB_TYPE: 'sqlite3',
      PATH: data('gitea.db'),
      SQLITE_JOURNAL_MODE: 'WAL',
    },
    repository: {
      ROOT: data('repositories'),
      DEFAULT_BRANCH: 'main',
      DEFAULT_PRIVATE: 'last',
      FORCE_PRIVATE: false,
    },
    security: {
      INSTALL_LOCK: true,
      SECRET_KEY: secrets.secretKey,
      INTERNAL_TOKEN: secrets.internalToken,
      PASSWORD_HASH_ALGO: 'pbkdf2_v2',
    },
    oauth2: { ENABLED: false },
    service: { DISABLE_REGISTRATION: true, REGISTER_MANUAL_CONFIRM: true },
    webhook: { ALLOWED_HOST_LIST: 'loopback', DELIVER_TIMEOUT: 10 },
    log: { MODE: 'console', LEVEL: 'Warn', ROOT_PATH: data('log') },
    session: { PROVIDER: 'memory' },
    mailer: { ENABLED: false },
    actions: { ENABLED: false },
    packages: { ENABLED: false },
    cron: { ENABLED: false },
    'cron.update_checker': { ENABLED: false },
    picture: { DISABLE_GRAVATAR: true },
    indexer: { ISSUE_INDEXER_TYPE: 'db', REPO_INDEXER_ENABLED: false },
  };
  return Object.entries(sections)
    .map(([name, values]) =>
      [
        ...(name ? [`[${name}]`] : []),
        ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
        '',
      ].join('\n'),
    )
    .join('\n');
}

/** Keys that Gitea encrypts with; it must find the same again at each start. */
async function ownSecrets({
  paths,
}: ServerContext): Promise<{ secretKey: string; internalToken: string }> {
  const file = paths.data('gitea', 'secrets.json');
  const schema = z.object({ secretKey: z.string(), internalToken: z.string() });
  const present = await readText(file);
  if (present) return schema.parse(JSON.parse(present));
  const made = {
    secretKey: randomBytes(32).toString('hex'),
    internalToken: randomBytes(48).toString('hex'),
  };
  await writeOwnFile(file, JSON.stringify(made));
  return made;
}

/** Makes the portal's user, once; its password is settled when Gitea answers. */
async function createBot(context: ServerContext) {
  const made = context.paths.data('gitea', 'bot-made');
  if (await readText(made)) return;
  const { username } = context.connection.gitea;
  await runGitea(context, [
    'admin',
    'user',
    'create',
    '--admin',
    '--username',
    username,
    '--random-password',
    '--random-password-length',
    '32',
    '--email',
    'bot@highroad.example.com',
    '--must-change-password=false',
  ]).catch(error => {
    // Made by a set-up that was interrupted right after.
    if (error instanceof CommandError && /already exists/.test(error.output))
      return;
    throw error;
  });
  await writeOwnFile(made, username);
}

/**
 * Gives the portal's user the password of the connection, by a token that Gitea thinks up and prints: a password given
 * as an argument could be seen by everybody on the machine. Can be interrupted and done again at any moment.
 */
async function settlePassword(context: ServerContext) {
  const { gitea: host } = context.connection;
  const { username, password } = host;
  const works = await giteaRequest(host, 'GET', 'user').then(
    () => true,
    error => {
      if (error instanceof GiteaError && error.status === 401) return false;
      throw error;
    },
  );
  if (works) return;
  const name = `set-up-${randomBytes(4).toString('hex')}`;
  const output = await runGitea(context, [
    ...['admin', 'user', 'generate-access-token', '--raw'],
    ...['--username', username, '--token-name', name],
    ...['--scopes', 'write:admin'],
  ]);
  // It prints its log there as well.
  const token = /^[0-9a-f]{40}$/m.exec(output)?.[0];
  if (!token) throw new Error('Gitea made a token and did not print it.');
  await giteaRequest(
    { ...host, password: token },
    'PATCH',
    `admin/users/${username}`,
    { login_name: username, source_id: 0, password },
  );
  await giteaRequest(host, 'DELETE', `users/${username}/tokens/${name}`);
}

/** Where created services go. */
async function createOrganization(connection: Connection) {
  const { organization } = connection.gitea;
  await giteaRequest(connection.gitea, 'POST', 'orgs', {
    username: organization,
    full_name: 'Highroad',
    description: 'Services created in the portal',
    visibility: 'public',
  }).catch(ignoring(422));
}

/** Where the portal beside this sandbox listens, unless the environment says otherwise. */
function portalBackend(): string {
  return process.env.HIGHROAD_PORTAL_BACKEND_URL ?? 'http://127.0.0.1:7007';
}

/** Has events of the organisation told to an address, signed with the connection's secret. */
async function createWebhook(
  connection: Connection,
  url: string,
  events: string[],
) {
  const { organization, webhookSecret } = connection.gitea;
  const hooks = hooksSchema.parse(
    await giteaRequest(
      connection.gitea,
      'GET',
      `orgs/${organization}/hooks?limit=50`,
    ),
  );
  const config = { url, content_type: 'json', secret: webhookSecret };
  const ours = hooks.find(
    hook => new URL(hook.config.url).pathname === new URL(url).pathname,
  );
  if (ours) {
    // The port may be another than the last time.
    await giteaRequest(
      connection.gitea,
      'PATCH',
      `orgs/${organization}/hooks/${ours.id}`,
      { config, events, active: true },
    );
  } else {
    await giteaRequest(connection.gitea, 'POST', `orgs/${organization}/hooks`, {
      type: 'gitea',
      config,
      events,
      active: true,
    });
  }
}

function ignoring(status: number) {
  return (error: unknown) => {
    if (!(error instanceof GiteaError) || error.status !== status) throw error;
  };
}
