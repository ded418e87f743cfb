import { isFailing } from '@highroad/plugin-environments-common';
import { CommitStatus } from '../drivers/gitHosts/PullRequestHost';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { Standing } from './Standing';
import { phaseOf, phaseWords } from './words';

/** By which later ones replace it. */
const CONTEXT = 'platform/preview';

/** What the newest commit's status says; undefined where it says nothing. */
export function commitStatusOf(
  standing: Standing,
  options: {
    /** Newest commit of the pull request */
    commit: string;
    portalUrl: string;
  },
): CommitStatus | undefined {
  const { commit, portalUrl } = options;
  const status = (
    state: CommitStatus['state'],
    description: string,
    url?: string,
  ): CommitStatus => ({
    ...{ state, description, context: CONTEXT },
    ...(url && { url }),
  });
  switch (standing.kind) {
    case 'invalid':
      return status('failure', 'The manifest is not valid; see the comment');
    case 'refused':
      return status('error', standing.message);
    case 'awaiting-approval':
      return status('pending', 'Waits for /platform approve by a maintainer');
    case 'ended':
      return status('success', 'The environment has ended');
    case 'there': {
      const { resource } = standing;
      const phase = phaseOf(resource);
      const { word } = phaseWords[phase];
      const url = resource.status.url ?? portalUrl;
      if (resource.spec?.pullRequest?.commit !== commit) {
        return status('error', 'The environment runs an earlier commit', url);
      }
      const says = `${word[0].toUpperCase()}${word.slice(1)}`;
      const description = [says, phase !== 'ready' && reasonOf(resource)]
        .filter(Boolean)
        .join(': ');
      if (phase === 'ready') return status('success', description, url);
      if (phase === 'failed' || phase === 'refused' || phase === 'degraded') {
        return status('failure', description, portalUrl);
      }
      return status('pending', description, portalUrl);
    }
    case 'taken-down':
      return standing.done
        ? status('success', 'The environment has ended')
        : undefined;
    default:
      return undefined;
  }
}

/** Of what the platform itself can't do, why is said in the portal only: everybody may read a commit's status. */
function reasonOf({ status }: EnvironmentResource): string | undefined {
  return isFailing(status)
    ? "it can't be looked after now; the portal says why"
    : status.message;
}
