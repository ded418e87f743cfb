import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import {
  doorText,
  endingOf,
  LedgerRecord,
  sentence,
  whereText,
  suspicionText,
} from '@highroad/plugin-audit-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import CloseIcon from '@mui/icons-material/Close';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { auditApiRef } from '../api';
import { RUNBOOK } from '../runbooks';
import { Ending } from './Ending';

/** All that is known of one record, beside the list. */
export function RecordDrawer(props: {
  /** Closed without one */
  id: string | undefined;
  onClose: () => void;
  /** Shows all that belongs to the same request */
  onFollow: (correlation: string) => void;
}) {
  const { id, onClose, onFollow } = props;
  return (
    <Drawer
      anchor="right"
      open={id !== undefined}
      onClose={onClose}
      PaperProps={{
        role: 'dialog',
        'aria-label': 'Record',
        sx: { width: { xs: '100%', md: 560 } },
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', px: 2, py: 1 }}>
        <Typography component="h2" variant="h6" sx={{ flexGrow: 1, m: 0 }}>
          Record
        </Typography>
        <IconButton onClick={onClose} aria-label="Close the record">
          <CloseIcon />
        </IconButton>
      </Box>
      {id && <Details key={id} id={id} onFollow={onFollow} />}
    </Drawer>
  );
}

function Details(props: {
  id: string;
  onFollow: (correlation: string) => void;
}) {
  const { id, onFollow } = props;
  const api = useApi(auditApiRef);
  const { value, error, loading, retry } = useAsyncRetry(
    () => api.record({ id }),
    [api, id],
  );
  if (error) {
    return (
      <Failure
        what="The record could not be read"
        error={error}
        onRetry={retry}
      />
    );
  }
  if (loading || !value) return <Waiting label="Reading the record" rows={8} />;
  const { record, intent, prev } = value;
  return (
    <Box sx={{ px: 2, pb: 3 }}>
      {[record, intent].map(
        one => one?.suspect && <Warning key={one.seq} record={one} />,
      )}
      <Typography sx={{ fontSize: 15, mb: 2 }}>{sentence(record)}</Typography>
      <Box
        component="dl"
        sx={{
          display: 'grid',
          gridTemplateColumns: 'max-content minmax(0, 1fr)',
          columnGap: 2,
          rowGap: 1,
          m: 0,
          fontSize: 13,
          '& dt': { color: 'text.secondary' },
          '& dd': { m: 0, overflowWrap: 'anywhere' },
        }}
      >
        {lines(record, intent).map(([name, shown]) => (
          <Line key={name} name={name}>
            {shown}
          </Line>
        ))}
        <Line name="Number">
          {record.seq}
          {intent && `; what was meant is ${intent.seq}`}
        </Line>
        <Line name="Hash">
          <code>{record.hash}</code>
        </Line>
        <Line name="Hash before">
          <code>{prev}</code>
        </Line>
      </Box>
      {record.correlation && (
        <Button
          size="small"
          sx={{ mt: 2 }}
          onClick={() => onFollow(record.correlation ?? '')}
        >
          Show all that belongs to the same request
        </Button>
      )}
    </Box>
  );
}

function Warning({ record }: { record: LedgerRecord }) {
  return (
    <Alert severity="error" sx={{ mb: 2 }}>
      <AlertTitle>{suspicionText(record)}</AlertTitle>
      {record.suspect?.message} Do not rely on what it says.{' '}
      <Link to={RUNBOOK.chainBroken}>What to do</Link>
    </Alert>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** What there is to say, in the order of the questions: why, how it ended, who, what, where, when. */
function lines(
  record: LedgerRecord,
  intent: LedgerRecord | undefined,
): Array<[string, ReactNode]> {
  const { reason, error, meta, request } = record;
  const all: Array<[string, ReactNode]> = [
    ['Why', reason],
    ['Outcome', <Ending key="ending" ending={endingOf(record)} />],
    ['Error', error && `${error.name}: ${error.message}`],
    ['Who', record.actor.ref],
    ['Did what', `${record.plugin}.${record.event}`],
    ['To', record.service && <Thing key="to" of={record.service} />],
    ['In', whereText(record)],
    ['How', doorText(record.door)],
    ['Request', request && `${request.method} ${request.path}`],
    [
      'Begun',
      <Exact key="begun" time={record.startedAt ?? intent?.at ?? record.at} />,
    ],
    [
      'Ended',
      record.phase === 'outcome' && <Exact key="ended" time={record.at} />,
    ],
    ['Severity', record.severity],
    ['Belongs to', record.correlation && <code>{record.correlation}</code>],
    [
      'More',
      meta && Object.keys(meta).length > 0 && (
        <Box
          component="pre"
          key="meta"
          sx={{ m: 0, whiteSpace: 'pre-wrap', fontSize: 12 }}
        >
          {JSON.stringify(meta, null, 2)}
        </Box>
      ),
    ],
    ['Id', <code key="id">{record.id}</code>],
  ];
  return all.filter(([, shown]) => Boolean(shown));
}

/** A reference that leads to its page, if it is one. */
function Thing({ of }: { of: string }) {
  const [, kind, namespace, name] =
    /^([^:/]+):([^:/]+)\/([^:/]+)$/.exec(of) ?? [];
  if (!name) return <>{of}</>;
  return <Link to={`/catalog/${namespace}/${kind}/${name}`}>{of}</Link>;
}

const EXACT = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'long',
});

function Exact({ time }: { time: string }) {
  return (
    <time dateTime={time} title={time}>
      {EXACT.format(new Date(time))}
    </time>
  );
}
