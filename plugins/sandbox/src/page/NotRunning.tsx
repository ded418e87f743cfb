import { SandboxAnswer } from '@highroad/plugin-sandbox-common';
import Typography from '@mui/material/Typography';
import { Command } from './Command';

/** Says that there is no sandbox, or that it does not run, and the first step. */
export function NotRunning(props: {
  answer: Exclude<SandboxAnswer, { connected: 'running' }>;
}) {
  const { answer } = props;
  return (
    <>
      <Typography sx={{ mb: 2, maxWidth: 720 }}>
        {answer.connected === 'no'
          ? 'No sandbox is connected to this portal. A sandbox is a Kubernetes cluster, Vault, an image registry, PostgreSQL, Prometheus and a Git host, all real, as ordinary programs on one machine. It needs no account and no Docker.'
          : 'The sandbox is not running. What its servers keep is still there.'}
      </Typography>
      {answer.connected === 'no' ? (
        <Command
          label="Start a portal with one, in a checkout"
          command="npm start"
        />
      ) : (
        <Command
          label="Start it, in the checkout"
          command="npx platform sandbox start"
        />
      )}
    </>
  );
}
