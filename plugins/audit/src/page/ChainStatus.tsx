import { useApi } from '@backstage/core-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  auditVerifyPermission,
  ChainState,
  Verdict,
} from '@highroad/plugin-audit-common';
import { Link } from '@backstage/core-components';
import {
  Failure,
  pause,
  reasonOf,
  RelativeTime,
  Snippet,
  useFollowed,
} from '@highroad/plugin-platform-react';
import Alert, { AlertColor } from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useCallback } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { auditApiRef } from '../api';
import { RUNBOOK } from '../runbooks';

/** That nothing can be recorded is to be seen also where nothing is. */
const EVERY_MS = 10_000;
/** Longer than this, a record should not wait for its place. */
const SLOW_MS = 30_000;

/**
 * Whether records are being written and chained, and whether they are still as they were written.
 *
 * @param props.newest - read at once when this number grows, and every few seconds anyway
 */
export function ChainStatus({ newest }: { newest?: number }) {
  const api = useApi(auditApiRef);
  const { allowed } = usePermission({ permission: auditVerifyPermission });
  const { value, error, retry } = useFollowed(
    useCallback(
      async (last: ChainState | undefined, signal: AbortSignal) => {
        if (last) await pause(EVERY_MS, signal);
        return api.chain({}, { signal });
      },
      // eslint-disable-next-line react-hooks/exhaustive-deps
      [api, newest],
    ),
  );
  const [verdict, verify] = useAsyncFn(() => api.verify({}), [api]);

  return (
    <Box component="section" aria-label="Chain of records">
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: 2,
          minHeight: 32,
        }}
      >
        <Typography sx={{ fontSize: 14, fontVariantNumeric: 'tabular-nums' }}>
          {value && <Headline state={value} />}{' '}
          {error && `How the chain is doing is not known: ${reasonOf(error)}`}
        </Typography>
        {error && (
          <Button size="small" onClick={retry}>
            Ask again
          </Button>
        )}
        {allowed && (
          <Button
            size="small"
            variant="outlined"
            onClick={() => verify()}
            disabled={verdict.loading}
          >
            {verdict.loading ? 'Verifying' : 'Verify'}
          </Button>
        )}
      </Box>
      {value && <PublicKey state={value} />}
      {value && <Troubles state={value} now={Date.now()} />}
      {verdict.error && (
        <Failure
          what="The chain could not be verified"
          error={verdict.error}
          onRetry={() => verify()}
        />
      )}
      {verdict.value && !verdict.loading && (
        <Alert severity={severityOf(verdict.value)} sx={{ mt: 1 }}>
          {verdict.value.summary}{' '}
          {severityOf(verdict.value) !== 'success' && (
            <Link to={RUNBOOK.chainBroken}>What to do about it</Link>
          )}
        </Alert>
      )}
    </Box>
  );
}

/** Records may be as they were written, and yet something beside them be to look into. */
function severityOf({ ok, warnings }: Verdict): AlertColor {
  if (!ok) return 'error';
  return warnings?.length ? 'warning' : 'success';
}

function Headline({ state }: { state: ChainState }) {
  const { head, lastCheckpoint } = state;
  if (!head) return <>The chain is empty.</>;
  return (
    <>
      {head.seq.toLocaleString('en')} records in the chain, the last{' '}
      <RelativeTime time={head.at} />.{' '}
      {lastCheckpoint ? (
        <>
          Signed up to number {lastCheckpoint.seq.toLocaleString('en')},{' '}
          <RelativeTime time={lastCheckpoint.at} />.
        </>
      ) : (
        'None is signed yet.'
      )}
    </>
  );
}

/** What an export is compared with by whoever did not make it. */
function PublicKey({ state }: { state: ChainState }) {
  const current = state.publicKeys.find(({ retired }) => !retired);
  if (!current) return null;
  return (
    <Box component="details" sx={{ fontSize: 13 }}>
      <Box component="summary" sx={{ cursor: 'pointer' }}>
        Public key, to verify an export with
      </Box>
      <Snippet
        text={`platform audit verify --file audit.jsonl --key ${current.publicKey}`}
      />
    </Box>
  );
}

function Troubles({ state, now }: { state: ChainState; now: number }) {
  const { intake, rejected, unsealed } = state;
  const waits =
    unsealed.oldestAt && now - Date.parse(unsealed.oldestAt) > SLOW_MS;
  return (
    <>
      {!intake.writes && (
        <Alert severity="error" sx={{ mt: 1 }}>
          Nothing can be recorded at this moment
          {intake.problem && `: ${intake.problem}`}. Changes to production and
          access to secrets are refused until it can; the rest goes on, and{' '}
          {intake.spooled} records are kept aside.{' '}
          <Link to={RUNBOOK.cannotRecord}>What to do about it</Link>
        </Alert>
      )}
      {rejected > 0 && (
        <Alert severity="error" sx={{ mt: 1 }}>
          {rejected === 1
            ? 'One record was put into the ledger by somebody else'
            : `${rejected} records were put into the ledger by somebody else`}{' '}
          and not taken.{' '}
          <Link to={RUNBOOK.chainBroken}>What to do about it</Link>
        </Alert>
      )}
      {waits && unsealed.oldestAt && (
        <Alert severity="warning" sx={{ mt: 1 }}>
          {unsealed.count} records wait for their place in the chain, the first{' '}
          <RelativeTime time={unsealed.oldestAt} />. They are listed once they
          have it.
        </Alert>
      )}
    </>
  );
}
