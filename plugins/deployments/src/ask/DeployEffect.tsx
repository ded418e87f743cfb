import {
  Deployment,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { shortVersion } from '../words/short';

/** What will happen, in words. */
export function DeployEffect(props: {
  version: string;
  environment: StandingEnvironment;
  running?: Deployment;
  /** It is applied even if exactly that runs there */
  again: boolean;
}) {
  const { environment, running, again } = props;
  const version = shortVersion(props.version);
  const now = running && shortVersion(running.version);
  const same = running?.version === props.version;
  return (
    <>
      {same
        ? `${version} runs in ${environment.name} already${
            again
              ? '; it is applied again.'
              : '. Nothing is done, if its image and manifests are the same, all of it is still as it was applied, and all pods are ready.'
          }`
        : `${version} ${now ? `replaces ${now}` : 'is the first version'} in ${
            environment.name
          }.`}{' '}
      {environment.approval && 'Somebody other than you has to approve it. '}
      The image and the manifests are checked before anything is touched.{' '}
      {now
        ? `If the new pods do not become ready, ${now} is put back.`
        : 'If its pods do not become ready, there is nothing to put back.'}
    </>
  );
}
