import { DeploymentState } from '@highroad/plugin-deployments-common';
import { IconLabel } from '@highroad/plugin-platform-react';
import ShiftingIcon from '@mui/icons-material/AltRouteOutlined';
import CancelledIcon from '@mui/icons-material/BlockOutlined';
import SucceededIcon from '@mui/icons-material/CheckCircleOutlined';
import FailedIcon from '@mui/icons-material/ErrorOutlineOutlined';
import CheckingIcon from '@mui/icons-material/FactCheckOutlined';
import SupersededIcon from '@mui/icons-material/FastForwardOutlined';
import WaitingIcon from '@mui/icons-material/HowToRegOutlined';
import QueuedIcon from '@mui/icons-material/HourglassEmptyOutlined';
import ApplyingIcon from '@mui/icons-material/PublishOutlined';
import { ReactNode } from 'react';
import { stateText } from '../words/states';

const ICONS: Record<DeploymentState, ReactNode> = {
  queued: <QueuedIcon color="action" fontSize="inherit" aria-hidden />,
  checking: <CheckingIcon color="info" fontSize="inherit" aria-hidden />,
  'waiting-for-approval': (
    <WaitingIcon color="warning" fontSize="inherit" aria-hidden />
  ),
  applying: <ApplyingIcon color="info" fontSize="inherit" aria-hidden />,
  shifting: <ShiftingIcon color="info" fontSize="inherit" aria-hidden />,
  succeeded: <SucceededIcon color="success" fontSize="inherit" aria-hidden />,
  failed: <FailedIcon color="error" fontSize="inherit" aria-hidden />,
  cancelled: <CancelledIcon color="action" fontSize="inherit" aria-hidden />,
  superseded: <SupersededIcon color="action" fontSize="inherit" aria-hidden />,
};

/** The picture alone, for where words that say as much stand beside it. */
export function StateIcon({ state }: { state: DeploymentState }) {
  return <>{ICONS[state]}</>;
}

/** A state in a picture and a word; the colour only helps. */
export function StateLabel(props: {
  state: DeploymentState;
  /** Instead of the state's own word */
  children?: ReactNode;
}) {
  const { state, children } = props;
  return (
    <IconLabel icon={ICONS[state]}>{children ?? stateText(state)}</IconLabel>
  );
}
