import {
  Deployment,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { shortVersion } from '../words/short';

/** What will happen, in words. */
export function DeployEffect(props: {
  version: string;
  environment: StandingEnvironment;
  /** Whether it is known what runs there */
  isKnown: boolean;
  running?: Deployment;
  /** It is applied even if exactly that runs there */
  again: boolean;
}) {
  const { environment, isKnown, running } = props;
  const now = running && shortVersion(running.version);
  return (
    <>
      {isKnown
        ? whatOf(props)
        : `${shortVersion(props.version)} is deployed to ${
            environment.name
          }.`}{' '}
      {environment.approval && 'Somebody other than you has to approve it. '}
      The image and the manifests are checked before anything is touched.{' '}
      {wayBack(isKnown, now)}
    </>
  );
}

function whatOf(props: Parameters<typeof DeployEffect>[0]): string {
  const { environment, running, again } = props;
  const version = shortVersion(props.version);
  if (running?.version === props.version) {
    return `${version} runs in ${environment.name} already${
      again
        ? '; it is applied again.'
        : '. Nothing is done, if its image and manifests are the same, all of it is still as it was applied, and all pods are ready.'
    }`;
  }
  const what = running
    ? `replaces ${shortVersion(running.version)}`
    : 'is the first version';
  return `${version} ${what} in ${environment.name}.`;
}

function wayBack(isKnown: boolean, now: string | undefined): string {
  if (now) return `If the new pods do not become ready, ${now} is put back.`;
  return isKnown
    ? 'If its pods do not become ready, there is nothing to put back.'
    : 'If its pods do not become ready, what ran before is put back, if there is something.';
}
