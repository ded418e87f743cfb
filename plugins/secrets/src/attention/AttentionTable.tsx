import { Link } from '@backstage/core-components';
import { RelativeTime } from '@highroad/plugin-platform-react';
import {
  Attention,
  AttentionKind,
  attentionWords,
} from '@highroad/plugin-secrets-common';
import DueIcon from '@mui/icons-material/AutorenewOutlined';
import MissingIcon from '@mui/icons-material/ErrorOutlineOutlined';
import NextIcon from '@mui/icons-material/RemoveCircleOutline';
import FailingIcon from '@mui/icons-material/ReportProblemOutlined';
import OverdueIcon from '@mui/icons-material/RunningWithErrorsOutlined';
import BehindIcon from '@mui/icons-material/SyncProblemOutlined';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { runbookLink } from '../runbooks';
import { serviceName } from '../words';

/** A row for each thing, most urgent first, with the way to its service and to what helps. */
export function AttentionTable({ items }: { items: Attention[] }) {
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table
        size="small"
        aria-label="What needs somebody"
        sx={{ '& td, & th': { wordBreak: 'normal' } }}
      >
        <TableHead>
          <TableRow>
            <TableCell>What</TableCell>
            <TableCell>Service</TableCell>
            <TableCell>Key</TableCell>
            <TableCell>Environment</TableCell>
            <TableCell>When</TableCell>
            <TableCell>Why</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(one => (
            <TableRow key={nameOf(one)} hover>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                <Kind kind={one.kind} />
              </TableCell>
              <TableCell component="th" scope="row">
                <Link
                  to={`/secrets?service=${encodeURIComponent(one.service)}`}
                >
                  {serviceName(one.service)}
                </Link>
              </TableCell>
              <TableCell
                sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}
              >
                {one.key ?? 'all keys'}
              </TableCell>
              <TableCell>{one.environment}</TableCell>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                {one.dueAt && <RelativeTime time={one.dueAt} />}
              </TableCell>
              <TableCell>
                {one.message} <Help kind={one.kind} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

function nameOf({ kind, service, environment, key }: Attention): string {
  return [kind, service, environment, key].join(' ');
}

const ICONS = {
  missing: { Icon: MissingIcon, color: 'error' },
  overdue: { Icon: OverdueIcon, color: 'error' },
  behind: { Icon: BehindIcon, color: 'warning' },
  failing: { Icon: FailingIcon, color: 'warning' },
  'missing-next': { Icon: NextIcon, color: 'disabled' },
  due: { Icon: DueIcon, color: 'disabled' },
} as const satisfies Record<AttentionKind, object>;

function Kind({ kind }: { kind: AttentionKind }) {
  const { Icon, color } = ICONS[kind];
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
      <Icon sx={{ fontSize: 18 }} color={color} aria-hidden />
      <span>{attentionWords[kind]}</span>
    </Box>
  );
}

const RUNBOOKS: Partial<Record<AttentionKind, string>> = {
  overdue: 'secret-not-replaced',
  behind: 'secrets-behind',
  failing: 'secret-not-replaced',
};

function Help({ kind }: { kind: AttentionKind }) {
  const page = RUNBOOKS[kind];
  return page ? (
    <Link to={runbookLink(page)} underline="always">
      What to do about it
    </Link>
  ) : null;
}
