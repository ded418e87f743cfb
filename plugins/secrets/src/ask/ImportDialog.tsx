import { useApi } from '@backstage/core-plugin-api';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  cutInDotEnv,
  DotEnvEntry,
  keySchema,
  leftOutOfDotEnv,
  MOST_IMPORTED,
  problemOfValue,
  readDotEnv,
  Secret,
} from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { secretsApiRef } from '../api';
import { Done } from '../matrix/KeyMatrix';
import { Environment } from '../matrix/useSecrets';
import { importedText, serviceName } from '../words';
import { ALL, EnvironmentChoice } from './EnvironmentChoice';
import { SecretDialog } from './SecretDialog';
import { versionsSeen } from './versionsSeen';

/** Takes a whole `.env` file, and says first what it would set. Values are in this dialog's memory until it closes. */
export function ImportDialog(props: {
  service: string;
  environments: Environment[];
  known: Secret[];
  onDone: Done;
  onClose: () => void;
}) {
  const { service, environments, known, onDone, onClose } = props;
  const api = useApi(secretsApiRef);
  const [text, setText] = useState('');
  const [environment, setEnvironment] = useState(ALL);
  const entries = readDotEnv(text);
  const cut = cutInDotEnv(text);
  const places = environments.filter(({ name, production }) =>
    environment === ALL ? !production : name === environment,
  );
  const wrong = entries.filter(entry => problemOf(entry, cut));
  const obstacle = [
    entries.length === 0 && 'Paste the lines of a file, such as KEY=value.',
    entries.length > MOST_IMPORTED &&
      `Import ${MOST_IMPORTED} keys at most at once.`,
    wrong.length > 0 && 'Some lines cannot be kept.',
    places.length === 0 && 'Choose an environment.',
  ].find(Boolean);
  return (
    <SecretDialog
      title={`Import secrets of ${serviceName(service)}`}
      submit={{
        label: `Set ${
          entries.length === 1 ? '1 key' : `${entries.length} keys`
        }`,
        obstacle: obstacle || undefined,
      }}
      ask={async () => {
        const { changes, leftOut, sync } = await api.importAll({
          service,
          entries: entries.map(entry => ({
            ...entry,
            encoding: 'text',
            ifVersions: versionsSeen(known, entry.key, places),
          })),
          ...(environment !== ALL && { environment }),
        });
        setText('');
        onDone(importedText(changes, leftOut), sync);
      }}
      onClose={onClose}
    >
      <EnvironmentChoice
        environments={environments}
        value={environment}
        onChange={setEnvironment}
      />
      <TextField
        label="Lines of a .env file"
        value={text}
        onChange={event => setText(event.target.value)}
        helperText="Afterwards the file is no longer needed"
        inputProps={{
          spellCheck: false,
          autoComplete: 'off',
          style: { fontFamily: 'monospace', fontSize: 13 },
        }}
        minRows={4}
        maxRows={10}
        multiline
        fullWidth
      />
      {leftOutOfDotEnv(text).map(words => (
        <Alert key={words} severity="warning">
          {words}
        </Alert>
      ))}
      {entries.length > 0 && (
        <Table size="small" aria-label="What would be set">
          <TableHead>
            <TableRow>
              <TableCell sx={{ width: '40%' }}>Key</TableCell>
              <TableCell>What happens</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {entries.map(entry => (
              <TableRow key={entry.key}>
                <TableCell
                  component="th"
                  scope="row"
                  sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}
                >
                  {keySchema.safeParse(entry.key).success
                    ? entry.key
                    : '(a line)'}
                </TableCell>
                <TableCell>
                  {problemOf(entry, cut) ?? effectOf(entry.key, places, known)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </SecretDialog>
  );
}

function problemOf(
  { key, value }: DotEnvEntry,
  cut: Map<string, string>,
): string | undefined {
  const named = keySchema.safeParse(key);
  // What stands before a stray "=" may be part of a value, so it is not shown.
  if (!named.success) return named.error.issues[0].message;
  const cutShort = cut.get(key);
  if (cutShort) return cutShort;
  if (!value) return 'its value is empty; take the line away';
  return problemOfValue(new SecretValue(value), 'text');
}

function effectOf(key: string, places: Environment[], known: Secret[]): string {
  const there = places.filter(place =>
    known.some(one => one.key === key && one.environment === place.name),
  );
  const fresh = places.filter(place => !there.includes(place));
  const names = (list: Environment[]) =>
    list.map(({ name }) => name).join(', ');
  return [
    fresh.length > 0 && `new in ${names(fresh)}`,
    there.length > 0 && `replaces what is in ${names(there)}, if it differs`,
  ]
    .filter(Boolean)
    .join('; ');
}
