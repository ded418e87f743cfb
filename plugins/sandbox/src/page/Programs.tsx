import {
  durationText,
  preparingText,
  ProgramStatus,
} from '@highroad/plugin-sandbox-common';
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';

/** What still has to be made before all servers can start; nothing once everything is there. */
export function Programs({ programs }: { programs: ProgramStatus[] }) {
  const open = programs.filter(
    one => one.state === 'preparing' || one.state === 'waiting',
  );
  if (open.length === 0) return null;
  const ready = programs.filter(one => one.state === 'ready').length;
  return (
    <section>
      <Typography component="h2" variant="h6">
        Being prepared
      </Typography>
      <Typography color="text.secondary" sx={{ fontSize: 14, mb: 1 }}>
        {ready} of {programs.length} programs are there. This is done once for
        this machine, at low priority; servers start as soon as their program is
        there.
      </Typography>
      <TableContainer component={Paper} variant="outlined">
        <Table size="small" aria-label="Programs being prepared">
          <TableHead>
            <TableRow>
              <TableCell>Program</TableCell>
              <TableCell>Version</TableCell>
              <TableCell sx={{ width: '45%' }}>Progress</TableCell>
              <TableCell align="right">Takes about</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {open.map(program => (
              <TableRow key={program.name}>
                <TableCell component="th" scope="row">
                  {program.name}
                </TableCell>
                <TableCell>{program.version}</TableCell>
                <TableCell>
                  <Progress program={program} />
                </TableCell>
                <TableCell align="right">
                  {durationText(program.seconds)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </section>
  );
}

function Progress({ program }: { program: ProgramStatus }) {
  const text = preparingText(program);
  if (!text) return <>waits for its turn</>;
  const percent = Math.floor((program.done ?? 0) * 100);
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 2 }}>
      <Box sx={{ flexShrink: 0, fontVariantNumeric: 'tabular-nums' }}>
        {program.doing ?? 'preparing'} {percent} %
      </Box>
      <LinearProgress
        variant="determinate"
        value={percent}
        aria-label={text}
        sx={{ flexGrow: 1, minWidth: 80 }}
      />
    </Box>
  );
}
