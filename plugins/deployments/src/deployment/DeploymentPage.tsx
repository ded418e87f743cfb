import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { DeploymentDetail } from '@highroad/plugin-deployments-common';
import { Failure, PageFrame, Waiting } from '@highroad/plugin-platform-react';
import Stack from '@mui/material/Stack';
import { useParams } from 'react-router-dom';
import { Lost } from '../parts/Lost';
import { rootRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { serviceName } from '../words/short';
import { titleOf } from '../words/verdict';
import { Controls } from './Controls';
import { Facts } from './Facts';
import { Manifests } from './Manifests';
import { PodsOf } from './PodsOf';
import { ProgressOf } from './ProgressOf';
import { Related } from './Related';
import { Steps } from './Steps';
import { TrafficOf } from './TrafficOf';
import { useCurrent } from './useCurrent';
import { useDeployment } from './useDeployment';
import { Verdict } from './Verdict';

/** Did it work; if not, why; how is it undone? */
export function DeploymentPage() {
  const { id = '' } = useParams();
  // Another one begins with nothing of this one.
  return <One key={id} id={id} />;
}

function One({ id }: { id: string }) {
  const { value: deployment, error, heardAt, retry } = useDeployment(id);
  const all = useRouteRef(rootRouteRef)?.();
  return (
    <PageFrame
      title={
        deployment
          ? `${serviceName(deployment.service)}: ${titleOf(deployment)}`
          : 'Deployment'
      }
      purpose={all && <Link to={all}>All deployments</Link>}
      reading
    >
      {!deployment && !error && (
        <Waiting label="Reading the deployment" rows={8} />
      )}
      {error && !deployment && (
        <Failure
          what="The deployment could not be read"
          error={error}
          unaffected="If it is under way, it goes on."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={retry}
        />
      )}
      {error && deployment && heardAt && (
        <Lost error={error} heardAt={heardAt} />
      )}
      {deployment && <Content deployment={deployment} />}
    </PageFrame>
  );
}

function Content({ deployment }: { deployment: DeploymentDetail }) {
  const current = useCurrent(deployment);
  return (
    <Stack spacing={3}>
      <Verdict deployment={deployment} current={current} />
      <Controls deployment={deployment} current={current} />
      <ProgressOf deployment={deployment} />
      <TrafficOf deployment={deployment} />
      <PodsOf deployment={deployment} current={current} />
      <Steps steps={deployment.steps} />
      <Facts deployment={deployment} />
      <Related deployment={deployment} />
      <Manifests deployment={deployment} />
    </Stack>
  );
}
