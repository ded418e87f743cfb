import { useApi } from '@backstage/core-plugin-api';
import {
  Failure,
  PageFrame,
  RelativeTime,
  Waiting,
  useFollowed,
} from '@highroad/plugin-platform-react';
import { SandboxAnswer, SandboxStatus } from '@highroad/plugin-sandbox-common';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';
import { sandboxApiRef } from '../api';
import { Access } from './Access';
import { Builds } from './Builds';
import { LogDrawer } from './LogDrawer';
import { NotRunning } from './NotRunning';
import { Overview } from './Overview';
import { Problems } from './Problems';
import { Programs } from './Programs';
import { Servers } from './Servers';
import { RUNBOOK } from './runbooks';

/** Whether the servers of this machine answer, what is wrong with those that don't, and how to get at them. */
export function SandboxPage() {
  const api = useApi(sandboxApiRef);
  const ask = useCallback(
    async (last: SandboxAnswer | undefined, signal: AbortSignal) => {
      // What a portal is connected to changes only by a restart.
      if (last?.connected === 'no') return undefined;
      return api.status({ after: last && revisionOf(last), signal });
    },
    [api],
  );
  const { value, error, heardAt, retry } = useFollowed(ask);
  const [query, setQuery] = useSearchParams();
  const showLog = (server: string | undefined) =>
    setQuery(server ? { log: server } : {});

  return (
    <PageFrame
      title="Sandbox"
      purpose="Real servers on the machine this portal runs on, to try things with"
    >
      {!value && !error && <Waiting label="Asking the sandbox" rows={8} />}
      {error && !value && (
        <Failure
          what="The sandbox could not be asked"
          error={error}
          unaffected="Its servers may be running all the same."
          runbook={RUNBOOK.serverDoesNotAnswer}
          onRetry={retry}
        />
      )}
      {error && value && heardAt && (
        <Alert severity="warning" sx={{ mb: 2 }}>
          The portal does not answer: {error.message}. What stands here was so{' '}
          <RelativeTime time={heardAt.toISOString()} />.
        </Alert>
      )}
      {value && value.connected !== 'running' && <NotRunning answer={value} />}
      {value?.connected === 'running' && (
        <Box
          sx={{
            display: 'grid',
            gap: 3,
            gridTemplateColumns: 'minmax(0, 1fr)',
          }}
        >
          <Overview status={value.status} />
          <Problems status={value.status} onLog={showLog} />
          <Programs programs={value.status.programs} />
          <Servers servers={value.status.servers} onLog={showLog} />
          {hasBuilder(value.status) && <Builds />}
          <Access access={value.access} servers={value.status.servers} />
        </Box>
      )}
      <LogDrawer
        server={query.get('log') ?? undefined}
        onClose={() => showLog(undefined)}
      />
    </PageFrame>
  );
}

function revisionOf(answer: SandboxAnswer): number {
  return answer.connected === 'running' ? answer.status.revision : 0;
}

function hasBuilder({ servers }: SandboxStatus): boolean {
  return servers.some(server => server.name === 'builder');
}
