import { DiagnosedEvent } from '@highroad/plugin-deployments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import WarningIcon from '@mui/icons-material/WarningAmberOutlined';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';

/** What Kubernetes did with it and says of it, newest first. */
export function EventTable({ events }: { events: DiagnosedEvent[] }) {
  return (
    <TableContainer
      component={Paper}
      variant="outlined"
      sx={{ maxHeight: 360 }}
      tabIndex={0}
    >
      <Table
        size="small"
        stickyHeader
        aria-label="Events"
        sx={{ '& td, & th': { wordBreak: 'normal' } }}
      >
        <TableHead>
          <TableRow>
            <TableCell>When</TableCell>
            <TableCell>What</TableCell>
            <TableCell>Reason</TableCell>
            <TableCell>Message</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {events.map((event, at) => (
            <TableRow key={`${event.at} ${event.object} ${at}`} hover>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                <RelativeTime time={event.at} />
              </TableCell>
              <TableCell>{event.object}</TableCell>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                <Box
                  component="span"
                  sx={{
                    display: 'inline-flex',
                    gap: 0.5,
                    alignItems: 'center',
                  }}
                >
                  {event.warning && (
                    <WarningIcon
                      color="warning"
                      fontSize="small"
                      titleAccess="Warning"
                    />
                  )}
                  {event.reason}
                  {event.count > 1 && ` ×${event.count}`}
                </Box>
              </TableCell>
              <TableCell sx={{ overflowWrap: 'anywhere' }}>
                {event.message}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
