import { Drift } from '@highroad/plugin-deployments-common';
import ChangedIcon from '@mui/icons-material/EditNoteOutlined';
import UnknownIcon from '@mui/icons-material/HelpOutlineOutlined';
import Box from '@mui/material/Box';

/** That what runs was changed by hand, or that it is not known. Nothing where it is as it was deployed. */
export function DriftLabel({ drift }: { drift: Drift | undefined }) {
  if (!drift || drift.state === 'same') return null;
  const differs = drift.state === 'differs';
  return (
    <Box
      component="span"
      title={drift.summary}
      sx={{
        display: 'inline-flex',
        gap: 0.5,
        alignItems: 'center',
        whiteSpace: 'nowrap',
        color: differs ? 'text.primary' : 'text.secondary',
        '& svg': { fontSize: 18 },
      }}
    >
      {differs ? (
        <ChangedIcon color="warning" fontSize="inherit" aria-hidden />
      ) : (
        <UnknownIcon color="action" fontSize="inherit" aria-hidden />
      )}
      {differs ? 'changed by hand' : 'not known if changed'}
    </Box>
  );
}
