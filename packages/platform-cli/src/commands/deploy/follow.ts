import {
  Deployment,
  DeploymentDetail,
  hasEnded,
} from '@highroad/plugin-deployments-common';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Portal } from '../../portal/Portal';
import { whileWatching } from '../../watching/whileWatching';
import { deploymentLine, stateText, stepLine } from './words';

/** Options of commands that begin a deployment. */
export interface WaitOptions {
  /** `false` for `--no-wait` */
  wait: boolean;
  /** Seconds */
  timeout: number;
}

/**
 * Shows a deployment until it has ended. Interrupting stops the watching, not the deployment.
 *
 * @throws CliError if it did not succeed, or did not end in time
 */
export async function follow(
  portal: Portal,
  first: Deployment,
  output: Output,
  options: WaitOptions,
): Promise<void> {
  if (!options.wait) {
    output.answer(
      { deployment: first },
      () =>
        `${deploymentLine(first)}\nFollow it: platform deployment show ${
          first.id
        } --watch`,
    );
    return;
  }
  let seen: DeploymentDetail = { ...first, steps: [] };
  await whileWatching(
    async signal => {
      let shown = '';
      const told = new Set<number>();
      while (!hasEnded(seen.state)) {
        const { deployment } = await portal.deployments.get(
          { id: first.id, after: seen.revision },
          { signal },
        );
        seen = deployment;
        for (const step of seen.steps) {
          // What goes on is what the state says, and what failed is said at the end.
          if (['running', 'failed'].includes(step.state)) continue;
          if (told.has(step.number)) continue;
          told.add(step.number);
          output.note(stepLine(step));
        }
        const line = `${stateText(seen.state)}: ${seen.summary}`;
        if (line !== shown && !hasEnded(seen.state)) {
          output.note(line);
          shown = line;
        }
      }
    },
    {
      timeout: options.timeout,
      late: () => late(seen, options.timeout),
      interrupted: () =>
        new CliError('Interrupted. The deployment goes on.', {
          fix: `See how it is doing: platform deployment show ${first.id}`,
          exitCode: exitCodes.interrupted,
        }),
    },
  );
  output.answer({ deployment: seen }, () => deploymentLine(seen));
  if (seen.state !== 'succeeded') throw unsuccessful(portal, seen);
}

function late(seen: Deployment, timeout: number): CliError {
  return new CliError(`It has not ended within ${timeout} seconds.`, {
    why: `${stateText(seen.state)}: ${seen.summary}`,
    fix: `It goes on. Wait for it: platform deployment show ${seen.id} --watch`,
  });
}

function unsuccessful(portal: Portal, seen: DeploymentDetail): CliError {
  const failed = seen.steps.find(step => step.state === 'failed');
  const evidence = failed?.evidence.slice(0, 20) ?? [];
  return new CliError(
    `${seen.version} is not in ${seen.environment}: it ${
      seen.state === 'failed' ? 'failed' : `was ${seen.state}`
    }.`,
    {
      why: [seen.summary, ...evidence].join('\n  '),
      fix: portal.page(`/deployments/${seen.id}`),
      runbook: 'deployment-failed',
      // What a check refuses is the policy's word, not a failure of the cluster.
      exitCode: ['guardrails', 'manifests'].includes(failed?.name ?? '')
        ? exitCodes.refused
        : exitCodes.failed,
    },
  );
}
