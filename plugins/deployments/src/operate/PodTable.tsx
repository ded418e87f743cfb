import { DiagnosedPod } from '@highroad/plugin-deployments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import NotReadyIcon from '@mui/icons-material/ErrorOutlineOutlined';
import ReadyIcon from '@mui/icons-material/CheckCircleOutlined';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';

/** Pods with how often they were started again, and why. */
export function PodTable(props: {
  pods: DiagnosedPod[];
  /** Of a version: says of each pod whether it runs it */
  digest?: string;
}) {
  const { pods } = props;
  // An older portal does not say which they run.
  const digest = pods.some(pod => pod.digests.length > 0)
    ? props.digest
    : undefined;
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table
        size="small"
        aria-label="Pods"
        sx={{ '& td, & th': { wordBreak: 'normal' } }}
      >
        <TableHead>
          <TableRow>
            <TableCell>Pod</TableCell>
            {digest && <TableCell>Version</TableCell>}
            <TableCell>Ready</TableCell>
            <TableCell align="right">Restarts</TableCell>
            <TableCell>Why</TableCell>
            <TableCell>Since</TableCell>
            <TableCell>Node</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {pods.map(pod => (
            <TableRow key={pod.name} hover>
              <TableCell component="th" scope="row">
                {pod.name}
              </TableCell>
              {digest && (
                <TableCell>
                  {pod.digests.includes(digest) ? 'this one' : 'another'}
                </TableCell>
              )}
              <TableCell>
                <Box
                  component="span"
                  sx={{
                    display: 'inline-flex',
                    gap: 0.5,
                    alignItems: 'center',
                    whiteSpace: 'nowrap',
                  }}
                >
                  {pod.ready ? (
                    <ReadyIcon color="success" fontSize="small" aria-hidden />
                  ) : (
                    <NotReadyIcon color="error" fontSize="small" aria-hidden />
                  )}
                  {pod.ready ? 'ready' : `not ready (${pod.phase})`}
                </Box>
              </TableCell>
              <TableCell
                align="right"
                sx={{ fontVariantNumeric: 'tabular-nums' }}
              >
                {pod.restarts}
              </TableCell>
              <TableCell>{pod.reasons.join(', ')}</TableCell>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>
                <RelativeTime time={pod.createdAt} />
              </TableCell>
              <TableCell>{pod.node ?? 'none yet'}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
