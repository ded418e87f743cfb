import { Link } from '@backstage/core-components';
import {
  EnvironmentDetail,
  isFailing,
} from '@highroad/plugin-environments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { OpenLink } from '../parts/OpenLink';
import { PhaseLabel } from '../parts/PhaseLabel';
import { useNow } from '../parts/useNow';
import { RUNBOOK, runbookOf } from '../runbooks';
import { ownerName, pullRequestText, timeLeft } from '../words/short';

/** How it stands, in a sentence, and the few facts that everybody asks for. */
export function Verdict({ environment }: { environment: EnvironmentDetail }) {
  const { phase, message, url, owner, pullRequest } = environment;
  const { requestedBy, createdAt, expiresAt, warnings } = environment;
  const now = useNow();
  const runbook =
    runbookOf(phase) ??
    (isFailing(environment.status) ? RUNBOOK.notReady : undefined);
  const facts: Array<[string, React.ReactNode]> = [
    ['Address', url && <OpenLink url={url} />],
    [
      'Time left',
      <span title={expiresAt && new Date(expiresAt).toString()}>
        {timeLeft(environment, now)}
      </span>,
    ],
    ['Owner', owner && ownerName(owner)],
    [
      'Pull request',
      pullRequest && (
        <>
          {pullRequest.url ? (
            <Link to={pullRequest.url}>{pullRequestText(pullRequest)}</Link>
          ) : (
            pullRequestText(pullRequest)
          )}
          , {pullRequest.branch} at{' '}
          <code title={pullRequest.commit}>
            {pullRequest.commit.slice(0, 7)}
          </code>
          {pullRequest.fork && ', from a fork'}
        </>
      ),
    ],
    ['Asked for by', requestedBy],
    ['Age', <RelativeTime time={createdAt} />],
  ];
  return (
    <section aria-label="How it stands">
      <Typography role="status" component="div" sx={{ fontSize: 16, mb: 1 }}>
        <PhaseLabel phase={phase} />: {message}{' '}
        {runbook && (
          <Link to={runbook} underline="always">
            What to do about it
          </Link>
        )}
      </Typography>
      {warnings.map(warning => (
        <Alert key={warning} severity="warning" sx={{ mb: 1 }}>
          {warning}
        </Alert>
      ))}
      <Box
        component="dl"
        sx={{
          display: 'grid',
          gridTemplateColumns: 'max-content minmax(0, 1fr)',
          columnGap: 3,
          rowGap: 0.5,
          m: 0,
          fontSize: 14,
          '& dt': { color: 'text.secondary' },
          '& dd': { m: 0 },
        }}
      >
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <Box key={name} sx={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Box>
          ))}
      </Box>
    </section>
  );
}
