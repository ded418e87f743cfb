import { Link } from '@backstage/core-components';
import {
  isBroken,
  retrySentence,
  SandboxStatus,
} from '@highroad/plugin-sandbox-common';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { RUNBOOK } from './runbooks';

/** Which server or program is broken, why, and what to do: before any table is read. */
export function Problems(props: {
  status: SandboxStatus;
  onLog: (server: string) => void;
}) {
  const { status, onLog } = props;
  const servers = status.servers.filter(isBroken);
  const programs = status.programs.filter(one => one.state === 'failed');
  if (servers.length + programs.length === 0) return null;
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {programs.map(program => (
        <Alert key={`program ${program.name}`} severity="error">
          <AlertTitle>{program.name} could not be prepared</AlertTitle>
          {program.problem ?? 'It did not say why.'} {retrySentence(program)}{' '}
          <Link to={RUNBOOK.programNotPrepared}>What to do about it</Link>
        </Alert>
      ))}
      {servers.map(({ name, state, problem }) => (
        <Alert
          key={`server ${name}`}
          severity={state === 'restarting' ? 'warning' : 'error'}
          action={
            <Button color="inherit" size="small" onClick={() => onLog(name)}>
              Log of {name}
            </Button>
          }
        >
          <AlertTitle>
            {name}{' '}
            {state === 'restarting'
              ? 'ended, and is started again'
              : 'cannot run here'}
          </AlertTitle>
          {problem ?? 'It did not say why.'} The other servers are not affected
          unless they wait for it.{' '}
          <Link to={RUNBOOK.serverDoesNotAnswer}>What to do about it</Link>
        </Alert>
      ))}
    </Box>
  );
}
