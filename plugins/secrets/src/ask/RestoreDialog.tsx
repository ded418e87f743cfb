import { useApi } from '@backstage/core-plugin-api';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { secretsApiRef } from '../api';
import { Done, Spot } from '../matrix/KeyMatrix';
import { changesText } from '../words';
import { SecretDialog } from './SecretDialog';

/** Sets what a key was before again, as its newest version. */
export function RestoreDialog(props: {
  service: string;
  at: Spot;
  /** What is put back */
  version: number;
  /** As it was seen when that was chosen */
  newest: number | undefined;
  onDone: Done;
  onClose: () => void;
}) {
  const { service, at, version, newest, onDone, onClose } = props;
  const { key, name: environment, production } = at;
  const api = useApi(secretsApiRef);
  const [reason, setReason] = useState('');
  return (
    <SecretDialog
      title={`Put back version ${version} of ${key} in ${environment}`}
      submit={{ label: `Put it back in ${environment}`, grave: production }}
      ask={async () => {
        const { changes, sync } = await api.restore({
          ...{ service, environment, key, version, ifVersion: newest },
          ...(reason.trim() && { reason: reason.trim() }),
        });
        onDone(`${key}: ${changesText(changes)}`, sync);
      }}
      onClose={onClose}
    >
      <Typography>
        What it was then is set again, as its newest version, and programs that
        use it are restarted once. What it is now stays in the history.
      </Typography>
      <TextField
        label="Why? (for the record)"
        value={reason}
        onChange={event => setReason(event.target.value)}
        inputProps={{ maxLength: 1000 }}
        fullWidth
      />
    </SecretDialog>
  );
}
