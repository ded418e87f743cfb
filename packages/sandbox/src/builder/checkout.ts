import { mkdir } from 'node:fs/promises';
import { Connection } from '../connection/schema';
import { run } from '../machine/run';
import { giteaAuthorization } from '../servers/giteaApi';

/**
 * Brings one commit of a repository into an empty folder, without its history.
 *
 * @throws CommandError when the Git host does not answer or has no such commit
 */
export async function checkOut(
  gitea: Connection['gitea'],
  what: { repository: string; commit: string },
  folder: string,
  options: { onLine: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const git = (...args: string[]) =>
    run('git', args, {
      cwd: folder,
      env: gitEnvironment(gitea),
      ...options,
    });
  await git('init', '--quiet', '--initial-branch=build');
  await git(
    'fetch',
    '--quiet',
    '--depth=1',
    '--no-tags',
    `${gitea.address}/${what.repository}.git`,
    what.commit,
  );
  await git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
}

/**
 * Git with the bot's credentials in its environment: not in its arguments, which everybody on the machine sees, and
 * not in the checkout, which the repository's own commands see. Settings of the person who runs the sandbox are left
 * out, so that a checkout is the same everywhere.
 */
function gitEnvironment(gitea: Connection['gitea']): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${gitea.address}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${giteaAuthorization(gitea)}`,
  };
}
