import {
  EnvironmentDetail,
  EnvironmentPhase,
  runbooks,
} from '@highroad/plugin-environments-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';
import { whileWatching } from '../../watching/whileWatching';
import { phaseText } from './words';

/** What it takes of a portal. */
type Following = Pick<Portal, 'page'> & {
  environments: Pick<Portal['environments'], 'get'>;
};

/** It does not become ready from these without somebody doing something. */
const STUCK: EnvironmentPhase[] = ['refused', 'failed'];

/**
 * Shows an environment until what was asked of it is ready. Interrupting stops the watching, nothing else.
 *
 * @param options.timeout - in seconds
 * @throws CliError if it is not ready in time, or cannot be
 */
export async function followEnvironment(
  portal: Following,
  first: EnvironmentDetail,
  output: Output,
  options: { timeout: number },
): Promise<EnvironmentDetail> {
  const { name, home, generation } = first;
  let seen = first;
  let shown = '';
  return whileWatching(
    async signal => {
      for (;;) {
        // What is told of an earlier generation is not about what was asked for.
        const told = (seen.status.observedGeneration ?? 0) >= generation;
        if (told && seen.phase === 'ready') return seen;
        if (told && STUCK.includes(seen.phase)) throw notReady(portal, seen);
        const line = `${phaseText(seen.phase)}: ${seen.message}`;
        if (line !== shown) output.note(line);
        shown = line;
        const answer = await portal.environments.get(
          { name, home, after: seen.resourceVersion },
          { signal },
        );
        seen = answer.environment;
      }
    },
    {
      timeout: options.timeout,
      late: () =>
        new CliError(`It is not ready within ${options.timeout} seconds.`, {
          why: `${phaseText(seen.phase)}: ${seen.message}`,
          fix: `It goes on. Wait longer with --timeout, or see: platform env show ${name}`,
        }),
      interrupted: () =>
        new CliError('Interrupted. The environment goes on.', {
          fix: `See how it is doing: platform env show ${name}`,
          exitCode: exitCodes.interrupted,
        }),
    },
  );
}

function notReady(
  portal: Pick<Portal, 'page'>,
  seen: EnvironmentDetail,
): CliError {
  const refused = seen.phase === 'refused';
  return new CliError(
    refused
      ? `${seen.name} can't be made as it is asked for.`
      : `${seen.name} does not become ready.`,
    {
      why: seen.message,
      fix: `See all of it: platform env show ${seen.name}, or ${portal.page(
        `/environments/${seen.name}?home=${encodeURIComponent(seen.home)}`,
      )}`,
      runbook: refused ? runbooks.refused : runbooks.notReady,
      exitCode: refused ? exitCodes.refused : exitCodes.failed,
    },
  );
}
