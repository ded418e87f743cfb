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
}) {
  const { environment, running } = props;
  const version = shortVersion(props.version);
  const now = running && shortVersion(running.version);
  return (
    <>
      {running?.version === props.version
        ? `${version} runs in ${environment.name} already; it is applied again.`
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
