import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  durationText,
  metricsManagePermission,
  nameOf,
} from '@highroad/plugin-metrics-common';
import {
  Failure,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { metricsApiRef } from '../api';
import { Heading } from '../parts/Heading';
import { PAGES } from '../runbooks';
import { useRefreshed } from '../useRefreshed';
import { Quarantine } from './Quarantine';

type Value = Awaited<ReturnType<typeof metricsApiRef.T.sources>>;

/** Where the numbers come from, how fresh that is, and what is missing. */
export function Sources() {
  const api = useApi(metricsApiRef);
  const { value, error, retry } = useRefreshed(
    { about: 'sources', asked: '' },
    () => api.sources({}),
  );
  const { allowed } = usePermission({ permission: metricsManagePermission });
  if (error && !value) {
    return (
      <Failure
        what="The sources could not be read"
        error={error}
        runbook={PAGES.numbers}
        onRetry={retry}
      />
    );
  }
  if (!value) return <Waiting label="Reading the sources" rows={6} />;
  return (
    <Stack spacing={3}>
      {error && (
        <Alert severity="warning">
          This is what was heard last: {error.message}
        </Alert>
      )}
      <Recomputing value={value} allowed={allowed} onStarted={retry} />
      <Box component="section" aria-label="Sources">
        <Heading>Sources</Heading>
        <SourceTable items={value.items} />
        {value.itemsInAll && (
          <Cut
            shown={value.items.length}
            of={value.itemsInAll}
            words="those that are not well first. platform metrics sources has more"
          />
        )}
      </Box>
      <Box component="section" aria-label="What is missing">
        <Heading>What is missing</Heading>
        <Aside services={value.aside ?? []} />
        <Gaps gaps={value.gaps} />
        {value.gapsInAll && (
          <Cut
            shown={value.gaps.length}
            of={value.gapsInAll}
            words="by service"
          />
        )}
      </Box>
      <Box component="section" aria-label="Quarantine">
        <Heading>Quarantine</Heading>
        {value.quarantined === 0 ? (
          <Box sx={{ color: 'text.secondary' }}>
            Every event that came could be taken.
          </Box>
        ) : (
          <>
            <Alert severity="warning" sx={{ mb: 1 }}>
              {value.quarantined} events could not be taken, so they are not
              counted. <Link to={PAGES.quarantine}>What to do about it</Link>
            </Alert>
            {allowed && <Quarantine onReplayed={retry} />}
          </>
        )}
      </Box>
    </Stack>
  );
}

function Recomputing(props: {
  value: Value;
  allowed: boolean;
  onStarted: () => void;
}) {
  const { value, allowed, onStarted } = props;
  const { recompute, pending } = value;
  const api = useApi(metricsApiRef);
  const [{ loading, error }, start] = useAsyncFn(async () => {
    await api.recompute({});
    onStarted();
  }, [api, onStarted]);
  const running = recompute?.state === 'running';
  return (
    <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', fontSize: 14 }}>
      <Box role="status">
        {running &&
          `Computed anew${
            recompute.because === 'rules'
              ? ' by the rules of this version of the portal'
              : ''
          }: ${recompute.done} of ${recompute.total} services and days.`}
        {!running && pending === 0 && 'All numbers are up to date.'}
        {!running &&
          pending > 0 &&
          `${pending} services and days are being brought up to date.`}
      </Box>
      {allowed && (
        <Button size="small" onClick={start} disabled={loading || running}>
          Compute all anew
        </Button>
      )}
      {error && (
        <Failure
          what="It was not begun"
          error={error}
          runbook={PAGES.recompute}
        />
      )}
    </Box>
  );
}

function SourceTable({ items }: { items: Value['items'] }) {
  if (items.length === 0) {
    return <Box sx={{ color: 'text.secondary' }}>No source is connected.</Box>;
  }
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table size="small" aria-label="Sources">
        <TableHead>
          <TableRow>
            <TableCell>Source</TableCell>
            <TableCell align="right">Events</TableCell>
            <TableCell>Newest event</TableCell>
            <TableCell>Last heard</TableCell>
            <TableCell>State</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(one => (
            <TableRow key={one.source}>
              <TableCell component="th" scope="row">
                {one.source}{' '}
                {one.example && (
                  <Chip size="small" variant="outlined" label="example" />
                )}
              </TableCell>
              <TableCell align="right">
                {one.events.toLocaleString('en')}
              </TableCell>
              <TableCell>
                {one.lastEventAt ? (
                  <RelativeTime time={one.lastEventAt} />
                ) : (
                  '—'
                )}
              </TableCell>
              <TableCell>
                {one.lastHeardAt ? (
                  <RelativeTime time={one.lastHeardAt} />
                ) : (
                  'never'
                )}
              </TableCell>
              <TableCell>
                <State source={one} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function State({ source }: { source: Value['items'][number] }) {
  const { state, problem, silentSince, expectedHours } = source;
  const runbook = <Link to={PAGES.sources}>What to do about it</Link>;
  switch (state) {
    case 'failing':
      return (
        <>
          ✖ {problem} {runbook}
        </>
      );
    case 'silent':
      return (
        <>
          ⚠ silent since{' '}
          {silentSince ? <RelativeTime time={silentSince} /> : 'long ago'}
          {expectedHours !== undefined &&
            `, expected every ${durationText(expectedHours * 3_600)}`}
          . {runbook}
        </>
      );
    case 'waiting':
      return <>… connected, nothing came yet. {runbook}</>;
    default:
      return (
        <span
          title={
            expectedHours === undefined
              ? undefined
              : `Expected every ${durationText(expectedHours * 3_600)}`
          }
        >
          ✔ heard
        </span>
      );
  }
}

/** Services that keep no others from it, but are not up to date themselves. */
function Aside({ services }: { services: string[] }) {
  if (services.length === 0) return null;
  return (
    <Alert severity="error" sx={{ mb: 1 }}>
      The numbers of {services.map(nameOf).join(', ')} could not be brought up
      to date. The log of the backend says why; it is tried again.{' '}
      <Link to={PAGES.recompute}>What to do about it</Link>
    </Alert>
  );
}

/** That a list goes on. */
function Cut(props: { shown: number; of: number; words: string }) {
  const { shown, of, words } = props;
  return (
    <Box sx={{ mt: 1, fontSize: 13, color: 'text.secondary' }}>
      {shown.toLocaleString('en')} of {of.toLocaleString('en')}, {words}.
    </Box>
  );
}

function Gaps({ gaps }: { gaps: Value['gaps'] }) {
  if (gaps.length === 0) {
    return (
      <Box sx={{ color: 'text.secondary' }}>
        Nothing: of each deployment of the last 90 days it is known what it
        brought.
      </Box>
    );
  }
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5, fontSize: 14 }}>
      {gaps.map(one => (
        <li key={`${one.service} ${one.environment} ${one.problem}`}>
          {nameOf(one.service)} in {one.environment},{' '}
          {one.n === 1 ? 'once' : `${one.n.toLocaleString('en')} times`}:{' '}
          {one.problem}.
        </li>
      ))}
    </Box>
  );
}
