import { InputError, NotAllowedError } from '@backstage/errors';
import { PULL_REQUEST_LABEL } from '@highroad/plugin-environments-common';
import {
  PullRequest,
  PullRequestHost,
} from '../drivers/gitHosts/PullRequestHost';
import {
  EnvironmentResource,
  EnvironmentResources,
} from '../service/EnvironmentResources';
import { Memory } from './Memory';
import { PullRequestRecorder } from './PullRequestRecorder';
import { environmentNameOf, keyOf, PullRequestRef } from './PullRequestRef';
import { RepositoryOwners } from './RepositoryOwners';
import { Standing } from './Standing';
import { MANIFEST_PATH, Wanted, wantedEnvironment } from './wantedEnvironment';

const FOREIGN =
  'An environment of this name is there already, and belongs to something else. Delete it in the portal, or ask the platform team.';

/** One look at a pull request. */
export interface Look {
  ref: PullRequestRef;
  host: PullRequestHost;
  pullRequest: PullRequest;
  memory: Memory;
  /** Keeps what is known; throws where somebody else has taken over */
  save(memory: Memory): Promise<void>;
  signal: AbortSignal;
}

/** What is to become of a pull request's environment, before anything is done. */
export type Plan = { memory: Memory; found?: EnvironmentResource } & (
  | { kind: 'settled'; standing: Standing }
  | {
      kind: 'wanted';
      wanted: Extract<Wanted, { ok: true }>;
      commit: string;
      /** A newer commit that nobody has approved so far */
      waits: { waiting?: string };
    }
);

/** Has the environment of an open pull request be what it wants. */
export class Provisioning {
  readonly #environments: EnvironmentResources;
  readonly #drivers: string[];
  readonly #now: () => Date;
  readonly #owners: RepositoryOwners;
  readonly #recorder: PullRequestRecorder;

  /** @param options.drivers - names of those that make databases */
  constructor(options: {
    environments: EnvironmentResources;
    drivers: string[];
    now: () => Date;
    owners: RepositoryOwners;
    recorder: PullRequestRecorder;
  }) {
    this.#environments = options.environments;
    this.#drivers = options.drivers;
    this.#now = options.now;
    this.#owners = options.owners;
    this.#recorder = options.recorder;
  }

  async bring(look: Look): Promise<[Memory, Standing]> {
    const plan = await this.plan(look);
    return plan.kind === 'settled'
      ? [plan.memory, plan.standing]
      : this.#provision({ ...look, memory: plan.memory }, plan);
  }

  /** What a look would come to. It changes nothing. */
  async plan(look: Omit<Look, 'save'>): Promise<Plan> {
    const { ref, host, pullRequest, signal } = look;
    const found = await this.find(ref);
    if (found === 'foreign') {
      const standing: Standing = { kind: 'refused', message: FOREIGN };
      return { kind: 'settled', memory: look.memory, standing };
    }
    const before = noticed(look.memory, found, pullRequest);
    if (found?.deletedAt) {
      const standing: Standing = { kind: 'there', resource: found };
      return { kind: 'settled', memory: before, standing, found };
    }
    const at = { path: MANIFEST_PATH, commit: pullRequest.commit };
    const source = await host.file(ref, at, signal);
    const memory = { ...before, absent: absentIn(before, source, at.commit) };
    const settled = (standing: Standing): Plan => ({
      ...{ kind: 'settled', memory, standing, found },
    });
    if (source === undefined) return settled(withoutManifest(memory, found));
    if (memory.ended) {
      const { why, by } = memory.ended;
      return settled(
        found ? { kind: 'there', resource: found } : { kind: 'ended', why, by },
      );
    }
    return this.#planned({ ...look, memory }, source, found);
  }

  /** @returns `foreign` for one of that name that is somebody else's */
  async find(
    ref: PullRequestRef,
  ): Promise<EnvironmentResource | undefined | 'foreign'> {
    const { home } = this.#environments;
    const name = environmentNameOf(ref);
    const found = await this.#environments.find({ home, name });
    if (!found) return undefined;
    return found.labels[PULL_REQUEST_LABEL] === keyOf(ref) ? found : 'foreign';
  }

  async #planned(
    look: Omit<Look, 'save'>,
    newest: string,
    found: EnvironmentResource | undefined,
  ): Promise<Plan> {
    const { ref, host, pullRequest, memory, signal } = look;
    const settled = (standing: Standing): Plan => ({
      ...{ kind: 'settled', memory, standing, found },
    });
    const { fork } = pullRequest;
    const { given } = memory.approval;
    const commit = fork ? given?.commit : pullRequest.commit;
    if (commit === undefined) return settled({ kind: 'awaiting-approval' });
    const repository = await this.#owners.find(ref.host, ref);
    if (!repository) {
      return settled({ kind: 'refused', message: unregistered(ref) });
    }
    const isNewest = commit === pullRequest.commit;
    const waits = isNewest ? {} : { waiting: pullRequest.commit };
    const source = isNewest
      ? newest
      : await host.file(ref, { path: MANIFEST_PATH, commit }, signal);
    if (source === undefined) {
      // What was approved was taken back by a forced push.
      return settled(
        found
          ? { kind: 'there', resource: found, waiting: pullRequest.commit }
          : { kind: 'awaiting-approval' },
      );
    }
    const wanted = wantedEnvironment({
      ...{ host: ref.host, pullRequest, commit, source },
      repositoryUrl: host.repositoryUrl(ref),
      drivers: this.#drivers,
      services: repository.services,
    });
    if (wanted.ok) {
      return { kind: 'wanted', memory, found, wanted, commit, waits };
    }
    const { problems } = wanted;
    return settled({
      ...{ kind: 'invalid', commit, problems, resource: found, ...waits },
    });
  }

  async #provision(
    look: Look,
    { wanted, commit, found, waits }: Extract<Plan, { kind: 'wanted' }>,
  ): Promise<[Memory, Standing]> {
    const { ref, pullRequest, memory } = look;
    const { fork } = pullRequest;
    const { given } = memory.approval;
    const there = (resource: EnvironmentResource): Standing => ({
      ...{ kind: 'there', resource },
      ...waits,
    });
    if (found && memory.applied?.digest === wanted.digest) {
      return [memory, there(found)];
    }
    try {
      const { resource } = await this.#recorder.doing(
        'pull-request-apply',
        {
          pullRequest: ref,
          ...(fork && given && { person: given.by }),
          detail: { commit, owner: wanted.owner },
          reason: `Commit ${commit.slice(0, 7)}`,
        },
        () =>
          this.#environments.apply(wanted.manifest, {
            owner: wanted.owner,
            requestedBy: `${ref.host}/${pullRequest.author}`,
            lastActivityAt: this.#now(),
          }),
      );
      const known: Memory = {
        ...memory,
        applied: {
          ...{ uid: resource.uid, commit, digest: wanted.digest },
          found: found !== undefined,
        },
      };
      await look.save(known);
      return [known, there(resource)];
    } catch (error) {
      // What the cluster refuses stays refused until something is changed; all else may pass.
      const refused =
        error instanceof InputError || error instanceof NotAllowedError;
      if (!refused) throw error;
      const { message } = error;
      return [memory, { kind: 'refused', message, resource: found, ...waits }];
    }
  }
}

/** What the environment's being there, or not any more, says. */
function noticed(
  memory: Memory,
  found: EnvironmentResource | undefined,
  pullRequest: PullRequest,
): Memory {
  const { applied, ended } = memory;
  if (found) {
    return {
      ...memory,
      applied: applied && { ...applied, uid: found.uid, found: true },
      ended: ended?.why === 'gone' ? undefined : ended,
    };
  }
  const gone =
    !ended && applied?.found
      ? { why: 'gone' as const, commit: applied.commit, by: '' }
      : ended;
  // Whoever goes on working wants it again; whoever said that it is to end may have meant for longer.
  const again = gone?.why === 'gone' && gone.commit !== pullRequest.commit;
  return {
    ...memory,
    applied: applied?.found ? undefined : applied,
    ended: again ? undefined : gone,
  };
}

/** How often it was not there by now. What is empty is as good as absent: it may not have come whole. */
function absentIn(
  { absent }: Memory,
  source: string | undefined,
  commit: string,
): Memory['absent'] {
  if (source?.trim()) return undefined;
  return { commit, looks: absent?.commit === commit ? absent.looks + 1 : 1 };
}

function withoutManifest(
  memory: Memory,
  found: EnvironmentResource | undefined,
): Standing {
  if (found) {
    return {
      ...{ kind: 'there', resource: found },
      note: `${MANIFEST_PATH} is not in the newest commit; the environment stays as it was.`,
    };
  }
  const said = memory.comment || memory.commands.told.length > 0;
  return said ? { kind: 'without-manifest' } : { kind: 'nothing' };
}

function unregistered({ owner, name }: PullRequestRef): string {
  return `No service of the catalog is in ${owner}/${name}, so it is not known whose environment this would be. Register its catalog-info.yaml in the portal.`;
}
