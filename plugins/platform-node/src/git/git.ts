import { RepositoryLocation } from './RepositoryLocation';
import { Ended, runBounded } from './runBounded';

/** How a company's network is reached; nothing else of the environment is handed on. */
const NETWORK = [
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
];

export interface GitOptions {
  /** The bare repository */
  directory: string;
  timeoutMs: number;
  maxBytes: number;
  input?: string;
  signal?: AbortSignal;
  /** Settings of this run. They are in its environment: arguments can be read by everybody on the machine */
  settings?: Record<string, string>;
  /** Whether it may ask other machines, by http(s); otherwise none at all */
  network?: boolean;
}

/** Runs git in a bare repository, without settings, hooks and prompts of whoever runs the portal. */
export async function git(args: string[], options: GitOptions): Promise<Ended> {
  const { directory, settings = {}, network = false, ...bounds } = options;
  const entries = Object.entries({
    'core.hooksPath': '/dev/null',
    'gc.auto': '0',
    'maintenance.auto': 'false',
    // The folder may be another user's, as with a volume; nothing in it is run.
    'safe.directory': '*',
    ...settings,
  });
  return runBounded('git', args, {
    ...bounds,
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      ...(network &&
        Object.fromEntries(NETWORK.map(name => [name, process.env[name]]))),
      HOME: '/nonexistent',
      LC_ALL: 'C',
      GIT_DIR: directory,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      // Also keeps it from fetching by itself what was left out on purpose.
      GIT_ALLOW_PROTOCOL: network ? 'http:https' : 'none',
      GIT_CONFIG_COUNT: String(entries.length),
      ...Object.fromEntries(
        entries.flatMap(([key, value], at) => [
          [`GIT_CONFIG_KEY_${at}`, key],
          [`GIT_CONFIG_VALUE_${at}`, value],
        ]),
      ),
    },
  });
}

/** Settings by which git signs in to a repository, and nowhere else: it follows no redirects. */
export function credentialsFor(
  location: Extract<RepositoryLocation, { kind: 'remote' }>,
): Record<string, string> {
  const { url, authorization } = location;
  return {
    'http.followRedirects': 'false',
    ...(authorization && {
      [`http.${url}.extraHeader`]: `Authorization: ${authorization.reveal()}`,
    }),
  };
}
