import { ResponseError } from '@backstage/errors';
import {
  EnvironmentDetail,
  runbooks,
} from '@highroad/plugin-environments-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';

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
  const { name, home } = ending;
  const deadline = AbortSignal.timeout(options.timeout * 1000);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  const signal = AbortSignal.any([deadline, interrupted.signal]);
  let seen = ending;
  let shown = '';
  try {
    for (;;) {
      const { environment } = await portal.environments.get(
        { name, home, after: seen.resourceVersion },
        { signal },
      );
      // Another of its name, made since.
      if (environment.createdAt !== ending.createdAt) return;
      seen = environment;
      if (seen.phase === 'deleting' && seen.message !== shown) {
        shown = seen.message;
        output.note(shown);
      }
    }
  } catch (error) {
    if (error instanceof ResponseError && error.statusCode === 404) return;
    if (!signal.aborted) throw error;
    if (interrupted.signal.aborted) {
      throw new CliError('Interrupted. It goes on being ended.', {
        fix: `See how far it is: platform env show ${name}`,
        exitCode: exitCodes.interrupted,
      });
    }
    throw new CliError(`It is not gone within ${options.timeout} seconds.`, {
      why: seen.phase === 'deleting' ? seen.message : undefined,
      fix: `It goes on. Wait longer with --timeout, or see what stands in the way: platform env show ${name}`,
      runbook: runbooks.doesNotEnd,
    });
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
}
