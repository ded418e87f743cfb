import { CliAuth } from '@backstage/cli-node';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../errors';
import { exitCodes } from '../exitCodes';

/** Where the portal is and how to say who is calling. */
export interface Connection {
  /** Address of the backend */
  backendUrl: string;
  /** Address that people open; absent where it is not known */
  portalUrl?: string;
  /** Where this connection was found, in words */
  source: string;
  token: () => Promise<string>;
}

const runningSchema = z.object({
  pid: z.number(),
  url: z.string(),
  backendUrl: z.string(),
});
const guestSchema = z.object({
  backstageIdentity: z.object({ token: z.string() }),
});

/** A portal that is well answers at once. */
const ANSWER_MS = 10_000;

/**
 * Finds the portal: PLATFORM_URL with PLATFORM_TOKEN, else one that runs from this checkout, else the one signed in
 * to with `platform login`, else one that runs on this machine.
 *
 * @throws CliError that says how to get one, or what `fetch` throws where the one that is named does not answer
 */
export async function locatePortal(
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Connection> {
  const { PLATFORM_URL: url, PLATFORM_TOKEN: token } = env;
  if (url && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new CliError(`PLATFORM_URL is "${url}", which is no address.`, {
      fix: 'Set it to the address of the portal, such as https://portal.example.com, or unset it.',
      exitCode: exitCodes.usage,
    });
  }
  if (token) {
    if (!url) {
      throw new CliError('PLATFORM_TOKEN is set, but not PLATFORM_URL.', {
        fix: 'Set PLATFORM_URL to the address of the portal.',
        runbook: 'platform-not-signed-in',
        exitCode: exitCodes.usage,
      });
    }
    return {
      backendUrl: trim(url),
      portalUrl: trim(url),
      source: 'PLATFORM_URL and PLATFORM_TOKEN',
      token: async () => token,
    };
  }

  const checkout = findUpwards(cwd, '.highroad/portal.json');
  const nearby = checkout && readRunning(checkout);
  if (nearby && (!url || trim(url) === nearby.backendUrl)) return local(nearby);

  const signedIn = await fromLogin(url);
  if (signedIn) return signedIn;

  const machine = readRunning(join(cacheFolder(env), 'portal.json'));
  if (machine && (!url || trim(url) === machine.backendUrl)) {
    return local(machine);
  }

  if (url) {
    // What does not answer cannot be signed in to either.
    await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    throw new CliError(`You are not signed in to ${url}.`, {
      fix: `Sign in: platform login --backend-url ${url}`,
      runbook: 'platform-not-signed-in',
      exitCode: exitCodes.refused,
    });
  }
  throw new CliError('There is no portal to talk to.', {
    fix: 'Start one with "npm start" in the checkout, or sign in to your company’s: platform login --backend-url https://…',
    runbook: 'platform-does-not-answer',
    exitCode: exitCodes.unreachable,
  });
}

/** A portal on this machine lets its own people in as the guest that its sign-in page offers. */
function local(running: z.infer<typeof runningSchema>): Connection {
  return {
    backendUrl: running.backendUrl,
    portalUrl: running.url,
    source: 'running on this machine',
    token: async () => {
      const response = await fetch(
        `${running.backendUrl}/api/auth/guest/refresh`,
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: '{}',
        },
      );
      if (!response.ok) {
        throw new CliError('The portal on this machine takes no guests.', {
          fix: `Sign in: platform login --backend-url ${running.backendUrl}`,
          runbook: 'platform-not-signed-in',
          exitCode: exitCodes.refused,
        });
      }
      const { backstageIdentity } = guestSchema.parse(await response.json());
      return backstageIdentity.token;
    },
  };
}

async function fromLogin(url?: string): Promise<Connection | undefined> {
  const auth = await CliAuth.create(
    url ? { instanceName: new URL(url).host } : undefined,
  ).catch(() => undefined);
  if (!auth) return undefined;
  const backendUrl = trim(auth.getBaseUrl());
  return {
    backendUrl,
    portalUrl: backendUrl,
    source: `signed in to ${auth.getInstanceName()}`,
    token: () => auth.getAccessToken(),
  };
}

function readRunning(file: string): z.infer<typeof runningSchema> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const running = runningSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    // A file that comes with somebody's repository must not lead a token elsewhere.
    const here = [running.url, running.backendUrl].every(isLoopback);
    return here && isAlive(running.pid) ? running : undefined;
  } catch {
    // A file that is being written, or of another version, is as good as none.
    return undefined;
  }
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function findUpwards(from: string, path: string): string | undefined {
  const file = join(from, path);
  if (existsSync(file)) return file;
  const parent = dirname(from);
  return parent === from ? undefined : findUpwards(parent, path);
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  return (
    env.HIGHROAD_CACHE ??
    join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'highroad')
  );
}

function trim(url: string): string {
  return url.replace(/\/+$/, '');
}
