import { isUnready, Readiness } from '@highroad/plugin-deployments-common';
import { IconLabel } from '@highroad/plugin-platform-react';
import ReadyIcon from '@mui/icons-material/CheckCircleOutlined';
import DownIcon from '@mui/icons-material/ErrorOutlineOutlined';
import NoneIcon from '@mui/icons-material/PauseCircleOutlined';
import MissingIcon from '@mui/icons-material/WarningAmberOutlined';
import { podsText } from '../words/pods';

/** How many pods are ready, in a picture and words. */
export function PodsLabel({ pods }: { pods: Readiness | undefined }) {
  if (!pods) return null;
  return <IconLabel icon={iconOf(pods)}>{podsText(pods)}</IconLabel>;
}

function iconOf(pods: Readiness) {
  const shared = { fontSize: 'inherit', 'aria-hidden': true } as const;
  if (pods.wanted === 0) return <NoneIcon color="action" {...shared} />;
  if (!isUnready(pods)) return <ReadyIcon color="success" {...shared} />;
  return pods.ready === 0 ? (
    <DownIcon color="error" {...shared} />
  ) : (
    <MissingIcon color="warning" {...shared} />
  );
}
