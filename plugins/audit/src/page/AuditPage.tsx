import { usePermission } from '@backstage/plugin-permission-react';
import { auditVerifyPermission } from '@highroad/plugin-audit-common';
import { PageFrame } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import { useState } from 'react';
import { ChainStatus } from './ChainStatus';
import { Records } from './Records';

/** Who did what to which service, where and when, by which door, and how it ended. */
export function AuditPage() {
  const [newest, setNewest] = useState<number>();
  // Whoever may verify all records may see them.
  const { allowed } = usePermission({ permission: auditVerifyPermission });
  const whose = allowed
    ? 'You may see all of it.'
    : 'You see what was done to your services, and what you did yourself.';
  return (
    <PageFrame
      title="Audit"
      purpose={`Who did what, where, by which door, and how it ended. ${whose}`}
    >
      <Box
        sx={{ display: 'grid', gap: 3, gridTemplateColumns: 'minmax(0, 1fr)' }}
      >
        <ChainStatus newest={newest} />
        <Records onNewest={setNewest} />
      </Box>
    </PageFrame>
  );
}
