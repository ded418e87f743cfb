import type { Ending as EndingWord } from '@highroad/plugin-audit-common';
import RefusedIcon from '@mui/icons-material/BlockOutlined';
import SucceededIcon from '@mui/icons-material/CheckCircleOutlined';
import FailedIcon from '@mui/icons-material/ErrorOutlineOutlined';
import OpenIcon from '@mui/icons-material/HourglassEmptyOutlined';
import Box from '@mui/material/Box';

const ICONS = {
  succeeded: <SucceededIcon color="success" fontSize="small" aria-hidden />,
  failed: <FailedIcon color="error" fontSize="small" aria-hidden />,
  refused: <RefusedIcon color="warning" fontSize="small" aria-hidden />,
  open: <OpenIcon color="action" fontSize="small" aria-hidden />,
};

/** How something ended, in a picture and a word. */
export function Ending({ ending }: { ending: EndingWord }) {
  return (
    <Box
      component="span"
      sx={{ display: 'inline-flex', gap: 0.75, alignItems: 'center' }}
    >
      {ICONS[ending]}
      {ending === 'open' ? 'not ended' : ending}
    </Box>
  );
}
