import { Link } from '@backstage/core-components';
import { Diagnosis, Health } from '@highroad/plugin-deployments-common';
import Alert, { AlertColor } from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import { RUNBOOK } from '../runbooks';
import { withShortHashes } from '../words/short';

const LOOKS: Record<Health, { severity: AlertColor; word: string }> = {
  healthy: { severity: 'success', word: 'Healthy' },
  changing: { severity: 'info', word: 'Changing' },
  attention: { severity: 'warning', word: 'Needs attention' },
  failing: { severity: 'error', word: 'Failing' },
  absent: { severity: 'info', word: 'Not there' },
  unknown: { severity: 'warning', word: 'Not known' },
};

/** Where there is something to do about it. */
const HELPED: Health[] = ['attention', 'failing', 'unknown'];

/** How it is doing and why, in words, told again as it changes. */
export function DiagnosisVerdict({ diagnosis }: { diagnosis: Diagnosis }) {
  const { health, summary, fix } = diagnosis.verdict;
  const { severity, word } = LOOKS[health];
  return (
    <Alert
      role="status"
      severity={severity}
      sx={{ fontSize: 15, '& .MuiAlert-message': { overflowWrap: 'anywhere' } }}
    >
      <AlertTitle>{word}</AlertTitle>
      {withShortHashes(summary)}
      {fix && (
        <>
          <br />
          {fix}
        </>
      )}
      {HELPED.includes(health) && (
        <>
          {' '}
          <Link to={RUNBOOK.failed} underline="always" color="inherit">
            What to do about it
          </Link>
        </>
      )}
    </Alert>
  );
}
