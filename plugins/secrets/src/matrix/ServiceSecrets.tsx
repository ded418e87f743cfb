import { parseEntityRef } from '@backstage/catalog-model';
import { usePermission } from '@backstage/plugin-permission-react';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import {
  missingKeys,
  Secret,
  SecretSync,
  secretRevealPermission,
  secretRevealProductionPermission,
  secretSetPermission,
} from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { DeleteDialog } from '../ask/DeleteDialog';
import { CompareDialog } from '../ask/CompareDialog';
import { HistoryDialog } from '../ask/HistoryDialog';
import { ImportDialog } from '../ask/ImportDialog';
import { RevealDialog } from '../ask/RevealDialog';
import { RotateDialog } from '../ask/RotateDialog';
import { SetDialog } from '../ask/SetDialog';
import { runbookFor } from '../runbooks';
import { serviceName } from '../words';
import { Comparison, differencesAmong } from './differencesAmong';
import { DifferenceLines } from './DifferenceLines';
import { Deed, Done, KeyMatrix, Spot } from './KeyMatrix';
import { SyncLines } from './SyncLines';
import { Arrival } from './Arrival';
import { UnseenLines } from './UnseenLines';
import { UsesLine } from './UsesLine';
import { useDifferences } from './useDifferences';
import { useSecrets } from './useSecrets';
import { WholeSecretLines } from './WholeSecretLines';

/** Keys by environment, and what can be done with each. */
export function ServiceSecrets({ service }: { service: string }) {
  const { value, error, loading, retry } = useSecrets(service);
  const [deed, setDeed] = useState<Deed>();
  const [said, setSaid] = useState<{ text: string; sync: SecretSync[] }>();
  const [compared, setCompared] = useState<Comparison>();
  const may = useMay(service);
  // Comparing with production takes both permissions.
  const readable = (value?.environments ?? []).filter(
    ({ production }) => may.reveal(false) && may.reveal(production),
  );
  const kept = useDifferences(service, readable, value?.items);
  if (error) {
    return (
      <Failure
        what={`The secrets of ${serviceName(service)} cannot be seen`}
        error={error}
        unaffected="What its programs have is not touched by this."
        runbook={runbookFor(error)}
        onRetry={retry}
      />
    );
  }
  if (!value) {
    return loading ? <Waiting label="Reading the keys" rows={4} /> : null;
  }
  const { environments, items, lent, provided, rotations } = value;
  const { sync, unseen, uses } = value;
  const secretName = parseEntityRef(service).name;
  const isEmpty =
    items.length + unseen.length === 0 &&
    missingKeys(
      secretName,
      environments.map(({ name }) => name),
      items,
      uses ?? [],
      { provided },
    ).length === 0;
  const differences = differencesAmong([
    ...(kept.value ?? []),
    ...(compared ? [compared] : []),
  ]);
  const close = () => setDeed(undefined);
  const done: Done = (text, arrived = []) => {
    close();
    setSaid({ text, sync: arrived });
    // It may not be so any more.
    setCompared(undefined);
    retry();
  };
  const shared = { service, onClose: close, onDone: done };
  return (
    <Stack spacing={2}>
      <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 2 }}>
        <Typography component="h2" sx={{ fontSize: 16, fontWeight: 600 }}>
          Keys of {serviceName(service)}
        </Typography>
        <Stack direction="row" spacing={1}>
          {readable.length > 1 && items.length > 0 && (
            <Button size="small" onClick={() => setDeed({ kind: 'compare' })}>
              Compare…
            </Button>
          )}
          {may.set && environments.length > 0 && (
            <>
              <Button size="small" onClick={() => setDeed({ kind: 'import' })}>
                Import…
              </Button>
              <Button
                variant="contained"
                size="small"
                onClick={() => setDeed({ kind: 'set' })}
              >
                Set a secret
              </Button>
            </>
          )}
        </Stack>
      </Box>
      {said && <Arrival {...said} onClose={() => setSaid(undefined)} />}
      {isEmpty ? (
        <Paper variant="outlined" sx={{ p: 3 }}>
          <Typography>
            {serviceName(service)} has no secrets yet.{' '}
            {environments.length === 0
              ? 'There is no environment to set one in: whoever runs this portal names them under platform.environments.'
              : 'What you set is kept in Vault and reaches its programs within seconds.'}
          </Typography>
        </Paper>
      ) : (
        <KeyMatrix
          environments={environments}
          items={items}
          unseen={unseen}
          provided={provided}
          rotations={rotations}
          uses={uses ?? []}
          lent={lent ?? []}
          secretName={secretName}
          differences={differences}
          may={may}
          onChoose={setDeed}
        />
      )}
      {items.length > 0 && (
        <DifferenceLines
          comparing={kept.loading}
          error={kept.error}
          unknown={differences.unknown}
        />
      )}
      <WholeSecretLines
        environments={environments}
        items={items}
        unseen={unseen}
        uses={uses ?? []}
        secretName={secretName}
      />
      <UnseenLines unseen={unseen} />
      <SyncLines sync={sync} />
      <UsesLine uses={uses} />
      {value.lentUnknown && <Alert severity="info">{value.lentUnknown}</Alert>}
      {deed?.kind === 'set' && (
        <SetDialog
          {...shared}
          environments={environments}
          start={deed.at}
          known={items}
        />
      )}
      {deed?.kind === 'import' && (
        <ImportDialog {...shared} environments={environments} known={items} />
      )}
      {deed?.kind === 'compare' && (
        <CompareDialog
          {...shared}
          onCompared={setCompared}
          environments={readable}
        />
      )}
      {deed?.kind === 'rotate' && (
        <RotateDialog
          {...shared}
          at={deed.at}
          version={versionAt(items, deed.at)}
          rotation={rotations.find(
            one => one.key === deed.at.key && one.environment === deed.at.name,
          )}
        />
      )}
      {deed?.kind === 'reveal' && <RevealDialog {...shared} at={deed.at} />}
      {deed?.kind === 'history' && (
        <HistoryDialog {...shared} at={deed.at} mayRestore={may.set} />
      )}
      {(deed?.kind === 'delete' || deed?.kind === 'undelete') && (
        <DeleteDialog
          {...shared}
          at={deed.at}
          version={versionAt(items, deed.at)}
          back={deed.kind === 'undelete'}
        />
      )}
    </Stack>
  );
}

/** The version that is on the screen. */
function versionAt(items: Secret[], { key, name }: Spot): number | undefined {
  return items.find(one => one.key === key && one.environment === name)
    ?.version;
}

/** What the reader may do. The backend decides again; this is for what to offer. */
function useMay(service: string) {
  const resourceRef = service;
  const set = usePermission({ permission: secretSetPermission, resourceRef });
  const reveal = usePermission({
    permission: secretRevealPermission,
    resourceRef,
  });
  const production = usePermission({
    permission: secretRevealProductionPermission,
    resourceRef,
  });
  return {
    set: set.allowed,
    reveal: (inProduction: boolean) =>
      inProduction ? production.allowed : reveal.allowed,
  };
}
