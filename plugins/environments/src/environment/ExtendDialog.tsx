import { useApi } from '@backstage/core-plugin-api';
import {
  durationSchema,
  Environment,
  parseDuration,
} from '@highroad/plugin-environments-common';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { environmentsApiRef } from '../api';
import { AskDialog } from '../parts/AskDialog';

/** By how much longer it stays. */
export function ExtendDialog(props: {
  environment: Environment;
  onClose: () => void;
  onDone: () => void;
}) {
  const { environment, onClose, onDone } = props;
  const { name, home, expiresAt } = environment;
  const api = useApi(environmentsApiRef);
  const [by, setBy] = useState('3d');
  const parsed = durationSchema.safeParse(by.trim());
  const problem = parsed.success ? undefined : parsed.error.issues[0].message;
  const until =
    parsed.success && expiresAt
      ? new Date(Date.parse(expiresAt) + (parseDuration(parsed.data) ?? 0))
      : undefined;
  return (
    <AskDialog
      title={`Extend ${name}`}
      submit="Extend"
      obstacle={problem && `How long: ${problem}.`}
      effect={
        until
          ? `It is to stay until ${until.toLocaleString()}, if the platform allows it that long.`
          : 'It stays longer by that.'
      }
      ask={() => api.extend({ name, home, by: by.trim() })}
      onDone={onDone}
      onClose={onClose}
    >
      <TextField
        label="How much longer"
        helperText="Such as 12h, 3d or 1w"
        value={by}
        error={Boolean(problem)}
        onChange={event => setBy(event.target.value)}
        sx={{ width: 200 }}
      />
    </AskDialog>
  );
}
