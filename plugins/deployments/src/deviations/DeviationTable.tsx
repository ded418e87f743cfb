import { Deviation } from '@highroad/plugin-deployments-common';
import ExpiredIcon from '@mui/icons-material/HistoryToggleOffOutlined';
import LiftedIcon from '@mui/icons-material/LockOpenOutlined';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { Who } from '../parts/Who';

const WHOLE = { whiteSpace: 'nowrap' } as const;

/** One line a deviation, with what can be done about it. */
export function DeviationTable(props: {
  items: Deviation[];
  /** Whether the reader may change those of an environment */
  mayChange: (environment: string) => boolean;
  onEnd: (deviation: Deviation) => void;
  onRenew: (deviation: Deviation) => void;
}) {
  const { items, mayChange, onEnd, onRenew } = props;
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table
        size="small"
        aria-label="Lifted guardrails"
        sx={{ '& td, & th': { wordBreak: 'normal' } }}
      >
        <TableHead>
          <TableRow>
            <TableCell sx={WHOLE}>Guardrail</TableCell>
            <TableCell sx={WHOLE}>Environment</TableCell>
            <TableCell sx={WHOLE}>Until</TableCell>
            <TableCell>Why</TableCell>
            <TableCell sx={WHOLE}>Who</TableCell>
            <TableCell align="right">
              {items.some(one => mayChange(one.environment)) && 'Change'}
            </TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {items.map(one => {
            const { id, guardrail, environment, reason, createdBy } = one;
            const expired = one.state === 'expired';
            return (
              <TableRow key={id} hover>
                <TableCell component="th" scope="row" sx={WHOLE}>
                  {guardrail}
                </TableCell>
                <TableCell sx={WHOLE}>{environment}</TableCell>
                <TableCell sx={WHOLE} title={one.expiresAt}>
                  <Until deviation={one} />
                </TableCell>
                <TableCell sx={{ overflowWrap: 'anywhere' }}>
                  {reason}
                </TableCell>
                <TableCell sx={WHOLE}>
                  <Who who={createdBy} />
                </TableCell>
                <TableCell align="right" sx={WHOLE}>
                  {mayChange(environment) && (
                    <Button
                      size="small"
                      variant="outlined"
                      aria-label={`${
                        expired ? 'Lift again' : 'End'
                      }: ${guardrail} in ${environment}`}
                      onClick={() => (expired ? onRenew(one) : onEnd(one))}
                    >
                      {expired ? 'Lift again…' : 'End…'}
                    </Button>
                  )}
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </Table>
    </TableContainer>
  );
}

/** The last day; or that it is over, so that the guardrail holds. */
function Until({ deviation }: { deviation: Deviation }) {
  const day = deviation.expiresAt.slice(0, 10);
  const expired = deviation.state === 'expired';
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        gap: 0.5,
        alignItems: 'center',
        '& svg': { fontSize: 18 },
      }}
    >
      {expired ? (
        <ExpiredIcon color="action" aria-hidden />
      ) : (
        <LiftedIcon color="warning" aria-hidden />
      )}
      {expired ? `expired ${day}, holds again` : day}
    </Box>
  );
}
