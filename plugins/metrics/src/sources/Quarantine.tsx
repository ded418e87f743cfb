import { useApi } from '@backstage/core-plugin-api';
import { nameOf, Quarantined } from '@highroad/plugin-metrics-common';
import { Failure, RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useCallback, useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { metricsApiRef } from '../api';
import { PagedList } from '../parts/PagedList';
import { PAGES } from '../runbooks';
import { DismissDialog } from './DismissDialog';

const AT_ONCE = 50;

/** What could not be taken, with the reason, and a way to try it again. */
export function Quarantine({ onReplayed }: { onReplayed: () => void }) {
  const api = useApi(metricsApiRef);
  const [round, setRound] = useState(0);
  const [dismissed, setDismissed] = useState<string>();
  const changed = useCallback(() => {
    setDismissed(undefined);
    setRound(before => before + 1);
    onReplayed();
  }, [onReplayed]);
  const [replayed, replay] = useAsyncFn(
    async (ids?: string[]) => {
      const done = await api.replay({ ids });
      changed();
      return done;
    },
    [api, changed],
  );
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
      <PagedList
        // It is another list once something was taken or dismissed.
        key={round}
        what="quarantine"
        nothing="Every event that came could be taken."
        runbook={PAGES.quarantine}
        read={before => api.quarantine({ limit: AT_ONCE, before })}
        draw={one => (
          <Item
            key={one.id}
            item={one}
            disabled={replayed.loading}
            onReplay={() => replay([one.id])}
            onDismiss={() => setDismissed(one.id)}
          />
        )}
      />
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

function Item(props: {
  item: Quarantined;
  disabled: boolean;
  onReplay: () => void;
  onDismiss: () => void;
}) {
  const { item, disabled, onReplay, onDismiss } = props;
  const { source, event, service, receivedAt, times = 1 } = item;
  const { reason, cut, payload } = item;
  const about = [event, service && nameOf(service)].filter(Boolean);
  return (
    <Box
      component="li"
      sx={{ py: 1, borderBottom: 1, borderColor: 'divider', fontSize: 14 }}
    >
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <Box sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{source}</Box>
        <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
          {about.join(', ')}
        </Box>
        {times > 1 && <span>{times.toLocaleString('en')} times</span>}
        <Box
          sx={{
            ...{ ml: 'auto', color: 'text.secondary', fontSize: 13 },
            whiteSpace: 'nowrap',
          }}
        >
          <RelativeTime time={receivedAt} />
        </Box>
      </Box>
      <Box sx={{ overflowWrap: 'anywhere' }}>{reason}</Box>
      <details>
        <summary>As it came</summary>
        <pre style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {payload}
        </pre>
      </details>
      {!cut && (
        <Button size="small" onClick={onReplay} disabled={disabled}>
          Try again
        </Button>
      )}
      <Button size="small" onClick={onDismiss}>
        Dismiss
      </Button>
    </Box>
  );
}
