import { useApi } from '@backstage/core-plugin-api';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  keySchema,
  problemOfValue,
  Secret,
} from '@highroad/plugin-secrets-common';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { secretsApiRef } from '../api';
import { Done, Spot } from '../matrix/KeyMatrix';
import { Environment } from '../matrix/useSecrets';
import { changesText, serviceName } from '../words';
import { versionsSeen } from './versionsSeen';
import { ALL, EnvironmentChoice } from './EnvironmentChoice';
import { SecretDialog } from './SecretDialog';

/** Asks for a key and a value. The value is in this dialog's memory until it closes, and nowhere else in the browser. */
export function SetDialog(props: {
  service: string;
  environments: Environment[];
  /** Which key, where it is known */
  start?: Spot;
  /** What is there already, so that nothing newer is overwritten unseen */
  known: Secret[];
  onDone: Done;
  onClose: () => void;
}) {
  const { service, environments, start, known, onDone, onClose } = props;
  const api = useApi(secretsApiRef);
  const [key, setKey] = useState(start?.key ?? '');
  const [environment, setEnvironment] = useState(start?.name ?? ALL);
  const [value, setValue] = useState('');
  const [inBase64, setInBase64] = useState(false);
  const encoding = inBase64 ? 'base64' : 'text';
  const named = keySchema.safeParse(key);
  const wrongKey =
    key && !named.success ? named.error.issues[0].message : undefined;
  const wrongValue = value && problemOfValue(new SecretValue(value), encoding);
  const places = environments.filter(({ name, production }) =>
    environment === ALL ? !production : name === environment,
  );
  const obstacle =
    [
      !named.success && 'Name the key.',
      !value && 'Give a value.',
      wrongValue && 'Give another value.',
      places.length === 0 && 'Choose an environment.',
    ].find(Boolean) || undefined;
  return (
    <SecretDialog
      title={`Set a secret of ${serviceName(service)}`}
      submit={{
        label: environment === ALL ? 'Set it' : `Set it in ${environment}`,
        obstacle,
      }}
      ask={async () => {
        const { changes, leftOut, sync } = await api.set({
          ...{ service, key, value, encoding },
          ...(environment !== ALL && { environment }),
          ifVersions: versionsSeen(known, key, places),
        });
        setValue('');
        onDone(`${key}: ${changesText(changes, leftOut)}`, sync);
      }}
      onClose={onClose}
    >
      <TextField
        label="Key"
        value={key}
        onChange={event => setKey(event.target.value)}
        error={Boolean(wrongKey)}
        helperText={wrongKey ?? 'As programs read it, such as DATABASE_URL'}
        InputProps={{ readOnly: Boolean(start) }}
        inputProps={{ spellCheck: false, maxLength: 128 }}
        fullWidth
      />
      <EnvironmentChoice
        environments={environments}
        value={environment}
        onChange={setEnvironment}
      />
      <TextField
        label="Value"
        value={value}
        onChange={event => setValue(event.target.value)}
        error={Boolean(wrongValue)}
        helperText={wrongValue || aboutValue(value, inBase64)}
        autoComplete="off"
        // Not a password field, which would take the line breaks out of a certificate.
        sx={{ '& textarea': { WebkitTextSecurity: 'disc' } }}
        inputProps={{ spellCheck: false }}
        maxRows={6}
        multiline
        fullWidth
      />
      <FormControlLabel
        control={
          <Checkbox
            checked={inBase64}
            onChange={event => setInBase64(event.target.checked)}
          />
        }
        label="It is in base64, as what is no text has to be"
      />
    </SecretDialog>
  );
}

function aboutValue(value: string, inBase64: boolean): string {
  return !inBase64 && /[\r\n]$/.test(value)
    ? 'It ends with a line break, which is kept'
    : 'Programs that use it are restarted once, if it changes';
}
