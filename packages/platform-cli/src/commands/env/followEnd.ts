import { ResponseError } from '@backstage/errors';
import {
  EnvironmentDetail,
  runbooks,
} from '@highroad/plugin-environments-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';
import { whileWatching } from '../../watching/whileWatching';

/** What it takes of a portal. */
type Following = { environments: Pick<Portal['environments'], 'get'> };

/**
 * Shows how an environment ends until nothing of it is left. Interrupting stops the watching, nothing else.
 *
 * @param ending - as it was when its end was asked for
 * @param options.timeout - in seconds
 * @throws CliError if it is not gone in time
 */
export async function followEnd(
  portal: Following,
  ending: EnvironmentDetail,
  output: Output,
  options: { timeout: number },
): Promise<void> {
  const { name } = ending;
  let seen = ending;
  let shown = '';
  await whileWatching(
    async signal => {
      for (;;) {
        const environment = await lookAgain(portal, seen, signal);
        // Another of its name, made since, says that it is gone too.
        if (environment?.createdAt !== ending.createdAt) return;
        seen = environment;
        if (seen.phase === 'deleting' && seen.message !== shown) {
          shown = seen.message;
          output.note(shown);
        }
      }
    },
    {
      timeout: options.timeout,
      late: () =>
        new CliError(`It is not gone within ${options.timeout} seconds.`, {
          why: seen.phase === 'deleting' ? seen.message : undefined,
          fix: `It goes on. Wait longer with --timeout, or see what stands in the way: platform env show ${name}`,
          runbook: runbooks.doesNotEnd,
        }),
      interrupted: () =>
        new CliError('Interrupted. It goes on being ended.', {
          fix: `See how far it is: platform env show ${name}`,
          exitCode: exitCodes.interrupted,
        }),
    },
  );
}

/** @returns how it is once that is another; nothing if it is gone */
async function lookAgain(
  portal: Following,
  { name, home, resourceVersion }: EnvironmentDetail,
  signal: AbortSignal,
): Promise<EnvironmentDetail | undefined> {
  try {
    const { environment } = await portal.environments.get(
      { name, home, after: resourceVersion },
      { signal },
    );
    return environment;
  } catch (error) {
    if (error instanceof ResponseError && error.statusCode === 404) {
      return undefined;
    }
    throw error;
  }
}
