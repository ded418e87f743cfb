import { PageFrame } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import { ChainStatus } from './ChainStatus';
import { Records } from './Records';

/** Who did what to which service, where and when, by which door, and how it ended. */
export function AuditPage() {
  return (
    <PageFrame
      title="Audit"
      purpose="Who did what, where, by which door, and how it ended. You see what was done to your services, and what you did yourself."
    >
      <Box
        sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}
      >
        <ChainStatus />
        <Records />
      </Box>
    </PageFrame>
  );
}
