import {
  headline,
  podsSentence,
  SandboxStatus,
} from '@highroad/plugin-sandbox-common';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { StateIcon } from './StateIcon';

const ICONS = {
  answering: 'good',
  preparing: 'busy',
  starting: 'busy',
  degraded: 'bad',
  stopping: 'busy',
  stopped: 'idle',
} as const;

/** The verdict in words, and whether pods are real. */
export function Overview({ status }: { status: SandboxStatus }) {
  const pods = podsSentence(status);
  return (
    <Box component="section" aria-label="How it is doing">
      <Box
        role="status"
        sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 0.5 }}
      >
        <StateIcon kind={ICONS[status.state]} />
        <Typography sx={{ fontSize: 16, fontWeight: 600 }}>
          {headline(status)}
        </Typography>
      </Box>
      {pods && (
        <Typography color="text.secondary" sx={{ fontSize: 14 }}>
          {pods}
        </Typography>
      )}
    </Box>
  );
}
