import { Build, buildStateWords } from '@highroad/plugin-sandbox-common';
import Box from '@mui/material/Box';
import { StateIcon, StateKind } from './StateIcon';

const ICONS: Record<Build['progress']['state'], StateKind> = {
  queued: 'busy',
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  error: 'bad',
  superseded: 'idle',
};

/** The state of a build, in a picture and the word. */
export function BuildState({ build }: { build: Build }) {
  const { state } = build.progress;
  return (
    <Box
      component="span"
      sx={{ display: 'inline-flex', alignItems: 'center', gap: 1 }}
    >
      <StateIcon kind={ICONS[state]} />
      {buildStateWords[state]}
    </Box>
  );
}
