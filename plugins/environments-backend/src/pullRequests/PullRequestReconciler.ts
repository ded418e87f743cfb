import { GitHostAnswerError } from '@highroad/plugin-platform-node/git-hosts';
import { createHash } from 'node:crypto';
import { runbookPath } from '@highroad/plugin-environments-common';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { EnvironmentResources } from '../service/EnvironmentResources';
import { PreviewSettings } from '../service/PreviewSettings';
import { commitStatusOf } from './commitStatusOf';
import { COMMENT_MARKER, Memory, newMemory } from './Memory';
import { Look, Provisioning } from './Provisioning';
import { PullRequestRecorder } from './PullRequestRecorder';
import { environmentNameOf, PullRequestRef } from './PullRequestRef';
import { renderComment } from './renderComment';
import { RepositoryOwners } from './RepositoryOwners';
import { Standing } from './Standing';
import { takeCommands, withoutSecond } from './takeCommands';

export interface Looked {
  memory: Memory;
  /** There is nothing left to see to: it may be forgotten */
  finished: boolean;
  /** Something goes on that is worth another look soon */
  soon: boolean;
  /** What was answered may not hold; when to ask again, in milliseconds */
  askAgainMs?: number;
}

/**
 * A host may say for a moment that a file is not there that was just pushed. So often in a row it is asked again, each time
 * after so long, in milliseconds, before that is believed.
 */
const ABSENT_AGAIN_MS = [5_000, 15_000, 45_000];
/** Before this, in milliseconds, what wants no environment was pushed too long ago for that. */
const FRESH_MS = 3_600_000;

/**
 * Brings a pull request's environment to what the pull request says now, and tells there how it stands. It looks at everything
 * anew each time, so it does not matter what called for the look, how often, or where an earlier one was cut off.
 *
 * The one thing that ends an environment here, besides a person's word, is that the host said of this very pull request that it
 * is closed. Whatever else the host says, or does not say, is an error that changes nothing.
 */
export class PullRequestReconciler {
  readonly #environments: EnvironmentResources;
  readonly #hosts: PullRequestHosts;
  readonly #now: () => Date;
  readonly #provisioning: Provisioning;
  readonly #recorder: PullRequestRecorder;
  readonly #portalUrl: string;
  readonly #settings: Pick<PreviewSettings, 'lifetime'>;
  readonly #mayKeep: boolean;

  /**
   * @param options.drivers - names of those that make databases
   * @param options.mayKeep - whether whoever may push may have an environment kept by a comment
   * @param options.portalUrl - without a slash at its end
   */
  constructor(options: {
    environments: EnvironmentResources;
    drivers: string[];
    hosts: PullRequestHosts;
    now: () => Date;
    owners: RepositoryOwners;
    recorder: PullRequestRecorder;
    mayKeep: boolean;
    portalUrl: string;
    settings: Pick<PreviewSettings, 'lifetime'>;
  }) {
    this.#environments = options.environments;
    this.#hosts = options.hosts;
    this.#now = options.now;
    this.#provisioning = new Provisioning(options);
    this.#recorder = options.recorder;
    this.#portalUrl = options.portalUrl;
    this.#settings = options.settings;
    this.#mayKeep = options.mayKeep;
  }

  /**
   * @param save - keeps what is known; throws where somebody else has taken over, and nothing is done then
   * @throws what the host or the cluster throws; a later look goes on
   */
  async look(
    ref: PullRequestRef,
    before: Memory,
    save: (memory: Memory) => Promise<void>,
    signal: AbortSignal,
  ): Promise<Looked> {
    const host = this.#hosts.get(ref.host);
    const pullRequest = await host.pullRequest(ref, signal);
    const { commit, updatedAt, repositoryId } = pullRequest;
    const known: Memory = {
      ...(await this.#knownOf(ref, before, repositoryId)),
      ...{ repository: repositoryId, seen: { commit, updatedAt } },
    };
    const look: Look = {
      ...{ ref, host, pullRequest, memory: known, save, signal },
    };
    if (pullRequest.state === 'closed') return this.#closed(look);
    const asked = await takeCommands(look, {
      environments: this.#environments,
      now: this.#now,
      recorder: this.#recorder,
      settings: this.#settings,
      mayKeep: this.#mayKeep,
    });
    const [memory, standing] = await this.#provisioning.bring({
      ...{ ...look, memory: asked },
    });
    return {
      memory: await this.#tell({ ...look, memory }, standing),
      finished: false,
      soon: standing.kind === 'there' && Boolean(standing.resource.deletedAt),
      askAgainMs: this.#askAgain(memory, standing, updatedAt),
    };
  }

  /**
   * Where a repository was removed and another has its name, the pull requests of that one are not those that are known.
   *
   * @throws GitHostAnswerError while the environment of the other one is there
   */
  async #knownOf(
    ref: PullRequestRef,
    before: Memory,
    repository: number,
  ): Promise<Memory> {
    if ((before.repository ?? repository) === repository) return before;
    const found = await this.#provisioning.find(ref);
    if (found === undefined || found === 'foreign') return newMemory();
    throw new GitHostAnswerError(
      `${ref.owner}/${ref.name} is another repository at ${ref.host} than the one whose pull request ${found.name} was made for. Nothing was changed. End that environment in the portal where nobody needs it any more.`,
    );
  }

  #askAgain(
    { absent }: Memory,
    standing: Standing,
    updatedAt: string,
  ): number | undefined {
    if (!absent) return undefined;
    const age = this.#now().getTime() - Date.parse(updatedAt);
    if (standing.kind === 'nothing' && age > FRESH_MS) return undefined;
    return ABSENT_AGAIN_MS[absent.looks - 1];
  }

  async #closed(look: Look): Promise<Looked> {
    const { ref, pullRequest } = look;
    const { merged } = pullRequest;
    const found = await this.#provisioning.find(ref);
    const resource = found === 'foreign' ? undefined : found;
    let { memory } = look;
    if (resource && memory.applied) {
      // Opened again, it is made anew: that it is gone then is nobody else's doing.
      memory = { ...memory, applied: undefined };
      // Remembered first, also for whoever goes on after a crash.
      await look.save(memory);
    }
    if (resource && !resource.deletedAt) {
      const { home } = this.#environments;
      await this.#recorder.doing(
        'pull-request-end',
        {
          pullRequest: ref,
          reason: `The pull request was ${merged ? 'merged' : 'closed'}.`,
        },
        () =>
          this.#environments.delete(
            { home, name: environmentNameOf(ref) },
            resource.uid,
          ),
      );
    }
    const done = resource === undefined;
    // Where nothing was ever said, there is nothing to take back.
    if (done && !memory.comment && !memory.applied) {
      return { memory, finished: true, soon: false };
    }
    const { since } = memory.commands;
    const comments = await look.host.comments(ref, since, look.signal);
    return {
      memory: await this.#tell(
        { ...look, memory: withoutSecond(memory, comments) },
        { kind: 'taken-down', merged, done },
      ),
      finished: done,
      soon: !done,
    };
  }

  /** Says how it stands, where that is another thing than what stands there. */
  async #tell(look: Look, standing: Standing): Promise<Memory> {
    const { ref, host, pullRequest, save, signal } = look;
    const { commit } = pullRequest;
    if (standing.kind === 'nothing') return look.memory;
    const name = environmentNameOf(ref);
    const portalUrl = `${this.#portalUrl}/environments/${name}`;
    let { memory } = look;
    const body = renderComment({
      ...{ pullRequest, standing, memory, portalUrl },
      mayKeep: this.#mayKeep,
      commitUrl: one => host.commitUrl(ref, one),
      runbookUrl: page => `${this.#portalUrl}${runbookPath(page)}`,
    });
    const digest = digestOf(body);
    if (memory.comment?.digest !== digest) {
      const { id } = await host.upsertComment(
        ref,
        { marker: COMMENT_MARKER, body, known: memory.comment?.id },
        signal,
      );
      memory = { ...memory, comment: { id, digest } };
      await save(memory);
    }
    const status = commitStatusOf(standing, { commit, portalUrl });
    const statusDigest = digestOf(JSON.stringify([commit, status]));
    if (!status || memory.status === statusDigest) return memory;
    // Nothing was ever said there that would stand as it was for good.
    if (standing.kind === 'taken-down' && !memory.status) return memory;
    await host.setCommitStatus(ref, commit, status, signal);
    return { ...memory, status: statusDigest };
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
