import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { StateLabel } from '../parts/StateLabel';
import { Who } from '../parts/Who';
import { deploymentRouteRef } from '../routes';
import { durationText } from '../words/duration';
import { summaryText, titleOf } from '../words/verdict';

const WHOLE = { whiteSpace: 'nowrap' } as const;
const NUMBER = { ...WHOLE, fontVariantNumeric: 'tabular-nums' } as const;

/** One line a deployment, newest first. */
export function HistoryTable({ items }: { items: Deployment[] }) {
  const link = useRouteRef(deploymentRouteRef);
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table
        size="small"
        aria-label="Deployments"
        sx={{ '& td, & th': { wordBreak: 'normal' } }}
      >
        <TableHead>
          <TableRow>
            <TableCell sx={WHOLE}>When</TableCell>
            <TableCell>What</TableCell>
            <TableCell sx={WHOLE}>State</TableCell>
            <TableCell>How it went</TableCell>
            <TableCell sx={WHOLE}>Who</TableCell>
            <TableCell sx={WHOLE} align="right">
              Took
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(one => (
            <TableRow key={one.id} hover>
              <TableCell sx={NUMBER}>
                <RelativeTime time={one.requestedAt} />
              </TableCell>
              <TableCell component="th" scope="row" sx={WHOLE}>
                <Link to={link?.({ id: one.id }) ?? ''} title={one.version}>
                  {titleOf(one)}
                </Link>
              </TableCell>
              <TableCell sx={WHOLE}>
                <StateLabel state={one.state} />
              </TableCell>
              <TableCell
                title={one.summary}
                sx={{
                  maxWidth: 320,
                  overflow: 'hidden',
                  textOverflow: 'ellipsis',
                  whiteSpace: 'nowrap',
                }}
              >
                {summaryText(one)}
              </TableCell>
              <TableCell sx={WHOLE}>
                <Who who={one.requestedBy} />
              </TableCell>
              <TableCell sx={NUMBER} align="right">
                {one.endedAt &&
                  durationText(
                    Date.parse(one.endedAt) - Date.parse(one.requestedAt),
                  )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
