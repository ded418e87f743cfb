import { LedgerRecord, suspicionText } from '@highroad/plugin-audit-common';
import SuspectIcon from '@mui/icons-material/ReportProblemOutlined';
import Box from '@mui/material/Box';

/** That a record is not what was sealed, in a picture and a word; why is said on hover. Nothing for one that holds. */
export function Suspicion({ record }: { record: LedgerRecord }) {
  if (!record.suspect) return null;
  return (
    <Box
      component="span"
      title={record.suspect.message}
      sx={{ display: 'inline-flex', gap: 0.75, alignItems: 'center' }}
    >
      <SuspectIcon color="error" fontSize="small" aria-hidden />
      {suspicionText(record)}
    </Box>
  );
}
