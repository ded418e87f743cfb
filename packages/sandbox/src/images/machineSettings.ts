import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readText } from '../machine/files';
import { run } from '../machine/run';
import { parseImageName } from './imageName';

/** A file of this machine that a build sees, and that does not become part of the image. */
export interface Mount {
  from: string;
  to: string;
}

/** Where systems keep the certificates that they trust, in one file. */
const CERTIFICATES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/**
 * How this machine reaches package registries, for commands inside a build: whom it trusts, and which registries and
 * mirrors it uses for the languages of these base images. Credentials among it are seen by the build's commands and
 * are in no layer.
 *
 * @param images - what the Dockerfile begins with
 * @param folder - where files can be put that last as long as the build
 */
export async function machineSettings(
  images: string[],
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Mount[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mounts: Mount[] = [];
  const put = async (name: string, to: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    mounts.push({ from: join(folder, name), to });
  };
  const trusted = [env.SSL_CERT_FILE, ...CERTIFICATES].find(
    path => path && existsSync(path),
  );
  const inside = CERTIFICATES[0];
  if (trusted) mounts.push({ from: trusted, to: inside });
  const families = new Set(
    images.map(image => parseImageName(image).repository.split('/').pop()),
  );
  if (families.has('golang')) {
    const settings = await goSettings(env);
    if (settings) await put('go.env', '/root/.config/go/env', settings);
  }
  if (families.has('node')) {
    await put(
      'npmrc',
      '/usr/local/etc/npmrc',
      await npmSettings(env, trusted && inside),
    );
  }
  if (families.has('python')) {
    await put(
      'pip.conf',
      '/etc/pip.conf',
      await pipSettings(env, trusted && inside),
    );
    await put('uv.toml', '/etc/uv/uv.toml', 'native-tls = true\n');
  }
  return mounts;
}

const GO_SETTINGS = [
  'GOPROXY',
  'GOSUMDB',
  'GONOSUMDB',
  'GONOPROXY',
  'GOPRIVATE',
  'GOINSECURE',
];

async function goSettings(env: NodeJS.ProcessEnv): Promise<string> {
  // Without the command, what is in the environment is all that is known.
  const values = await run('go', ['env', ...GO_SETTINGS], { cwd: '/' }).then(
    text => text.split('\n'),
    () => GO_SETTINGS.map(name => env[name] ?? ''),
  );
  return GO_SETTINGS.flatMap((name, at) =>
    values[at] ? [`${name}=${values[at]}\n`] : [],
  ).join('');
}

/** Which registries npm asks, and with what credentials; nothing else of a person's settings. */
async function npmSettings(
  env: NodeJS.ProcessEnv,
  certificates: string | undefined,
): Promise<string> {
  const files = [env.npm_config_userconfig, join(homedir(), '.npmrc')];
  const own = await readText(
    files.find(file => file && existsSync(file)) ?? '',
  );
  const lines = (own ?? '')
    .split('\n')
    .filter(line =>
      /^\s*(@[\w.-]+:registry|registry|\/\/\S+|(https?-)?proxy|noproxy)\s*=/.test(
        line,
      ),
    )
    .map(line =>
      line.replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole),
    );
  const registry = env.npm_config_registry ?? env.NPM_CONFIG_REGISTRY;
  if (registry) lines.push(`registry=${registry}`);
  if (certificates) lines.push(`cafile=${certificates}`);
  return `${lines.join('\n')}\n`;
}

/** Which indexes pip asks. */
async function pipSettings(
  env: NodeJS.ProcessEnv,
  certificates: string | undefined,
): Promise<string> {
  const keys = ['index-url', 'extra-index-url', 'trusted-host', 'proxy'];
  const values = new Map<string, string>();
  for (const file of [
    '/etc/pip.conf',
    join(homedir(), '.pip/pip.conf'),
    join(homedir(), '.config/pip/pip.conf'),
    env.PIP_CONFIG_FILE ?? '',
  ]) {
    for (const line of ((await readText(file || '/nonexistent')) ?? '').split(
      '\n',
    )) {
      const [, key, value] = /^\s*([\w-]+)\s*[=:]\s*(\S.*)$/.exec(line) ?? [];
      if (key && keys.includes(key)) values.set(key, value);
    }
  }
  for (const key of keys) {
    const value = env[`PIP_${key.replace(/-/g, '_').toUpperCase()}`];
    if (value) values.set(key, value);
  }
  if (certificates) values.set('cert', certificates);
  return ['[global]', ...[...values].map(([k, v]) => `${k} = ${v}`), ''].join(
    '\n',
  );
}
