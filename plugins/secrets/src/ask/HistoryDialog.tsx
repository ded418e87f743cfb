import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import {
  Failure,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import { keptVersions, SecretVersion } from '@highroad/plugin-secrets-common';
import Button from '@mui/material/Button';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import { secretsApiRef } from '../api';
import { Done, Spot } from '../matrix/KeyMatrix';
import { runbookFor } from '../runbooks';
import { serviceName } from '../words';
import { Writer } from '../Writer';
import { RestoreDialog } from './RestoreDialog';
import { SecretDialog } from './SecretDialog';

/** Who set it when, and the way back to an earlier value. */
export function HistoryDialog(props: {
  service: string;
  at: Spot;
  mayRestore: boolean;
  onDone: Done;
  onClose: () => void;
}) {
  const { service, at, mayRestore, onDone, onClose } = props;
  const { key, name: environment } = at;
  const api = useApi(secretsApiRef);
  const { value, error, loading } = useAsync(
    () => api.history({ service, environment, key }),
    [api, service, environment, key],
  );
  const [restoring, setRestoring] = useState<number>();
  const kept = value && keptVersions(value.items, value.keeps);
  if (restoring !== undefined) {
    return (
      <RestoreDialog
        {...{ service, at, onDone }}
        version={restoring}
        newest={value?.items[0]?.version}
        onClose={() => setRestoring(undefined)}
      />
    );
  }
  return (
    <SecretDialog
      title={`History of ${key} in ${environment}`}
      onClose={onClose}
    >
      {error && (
        <Failure
          what="The history cannot be read"
          error={error}
          runbook={runbookFor(error)}
        />
      )}
      {loading && <Waiting label="Reading the history" rows={3} />}
      <Link to={`/audit?${new URLSearchParams({ service, environment, key })}`}>
        Who accessed it: records of {key} of {serviceName(service)} in{' '}
        {environment}
      </Link>
      {value && (
        <Table size="small" aria-label="Versions">
          <TableHead>
            <TableRow>
              <TableCell>Version</TableCell>
              <TableCell>When</TableCell>
              <TableCell>Who</TableCell>
              <TableCell>How</TableCell>
              <TableCell align="right">{mayRestore && 'Change'}</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {value.items.map(one => (
              <TableRow key={one.version} hover>
                <TableCell component="th" scope="row">
                  {one.version} {one.state !== 'superseded' && `(${one.state})`}
                  <Removal version={one} />
                </TableCell>
                <TableCell sx={{ whiteSpace: 'nowrap' }}>
                  <RelativeTime time={one.at} />
                </TableCell>
                <TableCell>
                  {one.by ? <Writer who={one.by} /> : 'straight in Vault'}
                </TableCell>
                <TableCell>{one.how}</TableCell>
                <TableCell align="right">
                  {mayRestore && isEarlier(one) && (
                    <Button
                      size="small"
                      sx={{ whiteSpace: 'nowrap' }}
                      aria-label={`Put version ${one.version} back`}
                      onClick={() => setRestoring(one.version)}
                    >
                      Put back…
                    </Button>
                  )}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {kept && (
        <Typography variant="body2" color="text.secondary">
          {kept}
        </Typography>
      )}
    </SecretDialog>
  );
}

function isEarlier({ state }: SecretVersion): boolean {
  return state === 'superseded';
}

/** When it was deleted, or put back, and by whom. */
function Removal({ version }: { version: SecretVersion }) {
  const { deletedAt, deletedBy, undeletedAt, undeletedBy } = version;
  const time = deletedAt ?? undeletedAt;
  if (!time) return null;
  const who = deletedAt ? deletedBy : undeletedBy;
  return (
    <Typography component="div" variant="caption" color="text.secondary">
      {!deletedAt && 'put back '}
      <RelativeTime time={time} />
      {who && (
        <>
          {' by '}
          <Writer who={who} />
        </>
      )}
    </Typography>
  );
}
