import {
  EnvironmentManifest,
  fillIn,
  ManifestProblem,
} from '@highroad/plugin-environments-common';
import { PullRequest } from '../drivers/gitHosts/PullRequestHost';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { Plan } from './Provisioning';
import { environmentNameOf, PullRequestRef } from './PullRequestRef';
import { Standing } from './Standing';
import { MANIFEST_PATH } from './wantedEnvironment';

/** What a pull request's environment would be, and what is in its way. */
export interface Foreseen {
  name: string;
  pullRequest: PullRequest;
  /** Nothing where it cannot be had */
  wanted?: { manifest: EnvironmentManifest; owner: string; commit: string };
  problems: ManifestProblem[];
  /** Besides the manifest, in words */
  obstacle?: string;
  /** What is there, of this very pull request */
  found?: EnvironmentResource;
  /** Whether that is what would be made */
  upToDate: boolean;
}

export function foreseenOf(
  ref: PullRequestRef,
  pullRequest: PullRequest,
  plan: Plan,
): Foreseen {
  const { found } = plan;
  const known = {
    ...{ name: environmentNameOf(ref), pullRequest, problems: [] },
    ...(found && { found }),
    upToDate: false,
  };
  if (pullRequest.state === 'closed') {
    return {
      ...known,
      obstacle: `The pull request is ${
        pullRequest.merged ? 'merged' : 'closed'
      }, so it has no environment. Open it again, or make one from a manifest.`,
    };
  }
  if (plan.kind === 'wanted') {
    const { wanted, commit, memory } = plan;
    const { manifest, owner } = wanted;
    return {
      ...known,
      wanted: { manifest, owner, commit },
      upToDate: found !== undefined && memory.applied?.digest === wanted.digest,
    };
  }
  if (plan.standing.kind === 'invalid') {
    return { ...known, problems: plan.standing.problems };
  }
  return { ...known, obstacle: obstacleIn(plan.standing, pullRequest) };
}

function obstacleIn(standing: Standing, { commit }: PullRequest): string {
  switch (standing.kind) {
    case 'refused':
      return standing.message;
    case 'awaiting-approval':
      return `It comes from a fork, so somebody who may push has to approve the commit first, in a comment there: /platform approve ${commit}`;
    case 'there':
      return (
        standing.note ??
        (standing.resource.deletedAt
          ? 'Its environment is being ended. Ask again when it is gone.'
          : 'Its environment stays as it is: the commit that was approved is not there any more. Approve the newest.')
      );
    default:
      return `${MANIFEST_PATH} is not in its newest commit, ${commit.slice(
        0,
        7,
      )}. Add one and push it.`;
  }
}

/** The manifest with everything filled in that its parts will read. */
export function filledIn(manifest: EnvironmentManifest): EnvironmentManifest {
  const { name } = manifest.metadata;
  const { pullRequest, services } = manifest.spec;
  const fill = (text: string) => fillIn(text, { name, pullRequest }).text;
  return {
    ...manifest,
    spec: {
      ...manifest.spec,
      services: services.map(service => ({
        ...service,
        ...(service.image && { image: fill(service.image) }),
        env: service.env.map(one =>
          one.value === undefined ? one : { ...one, value: fill(one.value) },
        ),
      })),
    },
  };
}
