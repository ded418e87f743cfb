import { Build, BUILD_STATUS_CONTEXT } from '@highroad/plugin-sandbox-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Connection } from '../connection/schema';
import { giteaRequest, GiteaError } from '../servers/giteaApi';

/** A commit's status as Gitea has it. */
export interface CommitStatus {
  state: 'pending' | 'success' | 'failure' | 'error' | 'warning';
  description: string;
}

const statusesSchema = z.array(
  z.object({ id: z.number(), status: z.string(), context: z.string() }),
);

/** What a build says at its commit. */
export function statusOf(build: Build): CommitStatus {
  const { progress } = build;
  switch (progress.state) {
    case 'queued':
      return { state: 'pending', description: 'Waits for its turn' };
    case 'running': {
      const step = build.steps.find(one => one.state === 'running');
      return {
        state: 'pending',
        description: step ? `Running: ${step.name}` : 'Running',
      };
    }
    case 'succeeded':
      return {
        state: 'success',
        description: progress.image
          ? `Built and pushed ${progress.image.tags.join(', ')}`
          : 'Nothing to push: there is no Dockerfile',
      };
    case 'failed':
      return { state: 'failure', description: progress.problem };
    case 'error':
      return { state: 'error', description: progress.problem };
    case 'superseded':
      return {
        state: 'warning',
        description: 'Not built: a newer commit is built instead',
      };
    default:
      throw new Error(`No status for ${JSON.stringify(progress)}`);
  }
}

/**
 * Sets a build's status at its commit. A Git host that is away for a moment is waited for.
 *
 * @param portal - address of the portal, where the log can be seen
 * @throws Error when it could not be set after several attempts
 */
export async function setStatus(
  gitea: Connection['gitea'],
  build: Build,
  portal: string,
  signal?: AbortSignal,
): Promise<void> {
  const { state, description } = statusOf(build);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await giteaRequest(
        gitea,
        'POST',
        `repos/${build.repository}/statuses/${build.commit}`,
        {
          context: BUILD_STATUS_CONTEXT,
          state,
          description: oneLine(description),
          target_url: `${portal}/sandbox/builds/${build.id}`,
        },
      );
      return;
    } catch (error) {
      const final = error instanceof GiteaError && error.status < 500;
      if (final || attempt === 5) throw error;
      const pause = 250 * 2 ** attempt * (0.5 + Math.random());
      await sleep(pause, undefined, { signal });
    }
  }
}

/** @returns the state of our status at a commit, undefined where it has none */
export async function readStatus(
  gitea: Connection['gitea'],
  repository: string,
  commit: string,
): Promise<string | undefined> {
  const statuses = statusesSchema.parse(
    await giteaRequest(
      gitea,
      'GET',
      `repos/${repository}/commits/${commit}/statuses?limit=50`,
    ),
  );
  return statuses
    .filter(status => status.context === BUILD_STATUS_CONTEXT)
    .sort((a, b) => b.id - a.id)[0]?.status;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
