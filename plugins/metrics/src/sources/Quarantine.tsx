import { useApi } from '@backstage/core-plugin-api';
import {
  Failure,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useCallback, useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { metricsApiRef } from '../api';
import { PAGES } from '../runbooks';
import { DismissDialog } from './DismissDialog';

/** What could not be taken, with the reason, and a way to try it again. */
export function Quarantine({ onReplayed }: { onReplayed: () => void }) {
  const api = useApi(metricsApiRef);
  const { value, error, retry } = useAsyncRetry(
    () => api.quarantine({ limit: 50 }),
    [api],
  );
  const [dismissed, setDismissed] = useState<string>();
  const changed = useCallback(() => {
    setDismissed(undefined);
    retry();
    onReplayed();
  }, [retry, onReplayed]);
  const [replayed, replay] = useAsyncFn(
    async (ids?: string[]) => {
      const done = await api.replay({ ids });
      changed();
      return done;
    },
    [api, changed],
  );
  if (error) {
    return (
      <Failure
        what="The quarantine could not be read"
        error={error}
        runbook={PAGES.quarantine}
        onRetry={retry}
      />
    );
  }
  if (!value) return <Waiting label="Reading the quarantine" rows={3} />;
  return (
    <>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', mb: 1 }}>
        <Button
          size="small"
          variant="outlined"
          onClick={() => replay()}
          disabled={replayed.loading}
        >
          Try all again
        </Button>
        <span role="status">
          {replayed.value &&
            `${replayed.value.accepted} were taken, ${replayed.value.remaining} remain.`}
        </span>
        {replayed.error && (
          <Failure
            what="They were not tried"
            error={replayed.error}
            runbook={PAGES.quarantine}
          />
        )}
      </Box>
      <Box component="ul" sx={{ m: 0, pl: 2.5, fontSize: 14 }}>
        {value.items.map(one => (
          <li key={one.id}>
            {one.source} <RelativeTime time={one.receivedAt} />
            {(one.times ?? 1) > 1 && ` (${one.times} times)`}: {one.reason}
            {!one.cut && (
              <Button
                size="small"
                onClick={() => replay([one.id])}
                disabled={replayed.loading}
                sx={{ ml: 1 }}
              >
                Try again
              </Button>
            )}
            <Button size="small" onClick={() => setDismissed(one.id)}>
              Dismiss
            </Button>
            <details>
              <summary>As it came</summary>
              <pre style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {one.payload}
              </pre>
            </details>
          </li>
        ))}
      </Box>
      {dismissed && (
        <DismissDialog
          id={dismissed}
          onDone={changed}
          onClose={() => setDismissed(undefined)}
        />
      )}
    </>
  );
}
