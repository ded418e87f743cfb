import { EnvironmentPhase } from '@highroad/plugin-environments-common';
import { IconLabel } from '@highroad/plugin-platform-react';
import RefusedIcon from '@mui/icons-material/BlockOutlined';
import ProvisioningIcon from '@mui/icons-material/BuildOutlined';
import ReadyIcon from '@mui/icons-material/CheckCircleOutlined';
import DeletingIcon from '@mui/icons-material/DeleteOutlined';
import FailedIcon from '@mui/icons-material/ErrorOutlineOutlined';
import ImageIcon from '@mui/icons-material/Inventory2Outlined';
import UpdatingIcon from '@mui/icons-material/SyncOutlined';
import DegradedIcon from '@mui/icons-material/WarningAmberOutlined';
import { ReactNode } from 'react';
import { phaseText } from '../words/phases';

const ICONS: Record<EnvironmentPhase, ReactNode> = {
  refused: <RefusedIcon color="error" fontSize="inherit" aria-hidden />,
  provisioning: (
    <ProvisioningIcon color="info" fontSize="inherit" aria-hidden />
  ),
  'waiting-for-image': (
    <ImageIcon color="info" fontSize="inherit" aria-hidden />
  ),
  ready: <ReadyIcon color="success" fontSize="inherit" aria-hidden />,
  updating: <UpdatingIcon color="info" fontSize="inherit" aria-hidden />,
  degraded: <DegradedIcon color="warning" fontSize="inherit" aria-hidden />,
  failed: <FailedIcon color="error" fontSize="inherit" aria-hidden />,
  deleting: <DeletingIcon color="action" fontSize="inherit" aria-hidden />,
};

/** A phase in a picture and a word; the colour only helps. */
export function PhaseLabel(props: {
  phase: EnvironmentPhase;
  /** Instead of the phase's own word */
  children?: ReactNode;
}) {
  const { phase, children } = props;
  return (
    <IconLabel icon={ICONS[phase]}>{children ?? phaseText(phase)}</IconLabel>
  );
}
