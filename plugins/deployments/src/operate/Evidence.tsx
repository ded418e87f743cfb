import { Link } from '@backstage/core-components';
import { Diagnosis } from '@highroad/plugin-deployments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { HistoryTable } from '../entity/HistoryTable';
import { ReactNode } from 'react';
import { Heading } from '../parts/Heading';
import { ChangedByHand } from './ChangedByHand';
import { EventTable } from './EventTable';
import { PartOf } from './PartOf';
import { PodTable } from './PodTable';

/** All that stands behind a verdict. */
export function Evidence({ diagnosis }: { diagnosis: Diagnosis }) {
  const { pods, running, drift, alerts, onCall, changes, events, log, logOf } =
    diagnosis;
  return (
    <Stack spacing={3}>
      <PartOf title="Pods" part={pods} none="No pods run there.">
        {items => <PodTable pods={items} />}
      </PartOf>
      <Box
        sx={{
          display: 'grid',
          gap: 3,
          gridTemplateColumns: { xs: '1fr', md: '1fr 1fr' },
        }}
      >
        <PartOf title="Alerts" part={alerts} none="No alert fires.">
          {items => (
            <Lines
              lines={items.map(
                ({ name, severity, summary, since, runbook }) => (
                  <>
                    <b>{name}</b>
                    {severity && ` (${severity})`} since{' '}
                    <RelativeTime time={since} />
                    {summary && `: ${summary}`}{' '}
                    {isAddress(runbook) && <Link to={runbook}>Runbook</Link>}
                  </>
                ),
              )}
            />
          )}
        </PartOf>
        <PartOf title="On call" part={onCall} none="Nobody is on call.">
          {items => (
            <Lines
              lines={items.map(({ name, level, page }) => (
                <>
                  {isAddress(page) ? <Link to={page}>{name}</Link> : name},
                  level {level}
                </>
              ))}
            />
          )}
        </PartOf>
      </Box>
      <PartOf
        title={logOf ? `Last lines of ${logOf}` : 'Last lines of the log'}
        part={log}
        none="It printed nothing."
      >
        {items => (
          <Box
            component="pre"
            tabIndex={0}
            aria-label="Last lines of the log"
            sx={{
              m: 0,
              p: 1.5,
              fontSize: 12,
              maxHeight: 320,
              overflow: 'auto',
              whiteSpace: 'pre-wrap',
              overflowWrap: 'anywhere',
              bgcolor: 'action.hover',
              borderRadius: 1,
            }}
          >
            {items.join('\n')}
          </Box>
        )}
      </PartOf>
      {running && <ChangedByHand drift={drift} />}
      <Box component="section" aria-label="Deployed lately">
        <Heading>Deployed lately</Heading>
        {changes.length > 0 ? (
          <HistoryTable items={changes} />
        ) : (
          <Typography sx={{ fontSize: 14 }} color="text.secondary">
            Nothing was deployed there.
          </Typography>
        )}
      </Box>
      <PartOf
        title="Events"
        part={events}
        none="Kubernetes keeps none of the last hour."
      >
        {items => <EventTable events={items} />}
      </PartOf>
    </Stack>
  );
}

function Lines({ lines }: { lines: ReactNode[] }) {
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, fontSize: 14 }}>
      {lines.map((line, at) => (
        <li key={at}>{line}</li>
      ))}
    </Box>
  );
}

/** What others write is followed only where it leads to a page. */
function isAddress(text: string | undefined): text is string {
  return /^https?:\/\//.test(text ?? '');
}
