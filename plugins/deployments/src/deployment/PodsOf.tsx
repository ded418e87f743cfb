import { Link } from '@backstage/core-components';
import {
  Deployment,
  DiagnosedPod,
  Part,
} from '@highroad/plugin-deployments-common';
import { Waiting } from '@highroad/plugin-platform-react';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { Place } from '../board/board';
import { PartOf } from '../operate/PartOf';
import { PodTable } from '../operate/PodTable';
import { useOperateLink } from '../parts/useOperateLink';
import { usePods } from './usePods';

/** The pods there are, while it is being brought there and as long as it is what runs; later ones are others'. */
export function PodsOf(props: {
  deployment: Deployment;
  current: Place | undefined;
}) {
  const { deployment, current } = props;
  const isArriving = ['applying', 'shifting'].includes(deployment.state);
  const runs = current?.running?.id === deployment.id;
  return isArriving || runs ? <Pods deployment={deployment} /> : null;
}

function Pods({ deployment }: { deployment: Deployment }) {
  const { service, environment, digest } = deployment;
  const { value, error } = usePods(service, environment);
  const operate = useOperateLink(service, environment);
  if (!value && !error) {
    return <Waiting label="Looking at the pods" rows={2} />;
  }
  const pods: Part<DiagnosedPod> =
    !value || error
      ? { known: false, why: error?.message ?? 'Nothing was answered.' }
      : value;
  return (
    <Stack spacing={1}>
      <PartOf title="Pods" part={pods} none="No pods are there now.">
        {items => <PodTable pods={items} digest={digest} />}
      </PartOf>
      {operate && (
        <Typography sx={{ fontSize: 14 }}>
          <Link to={operate}>Their events, alerts and log</Link>
        </Typography>
      )}
    </Stack>
  );
}
