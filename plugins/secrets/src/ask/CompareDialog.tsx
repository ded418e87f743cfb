import { useApi } from '@backstage/core-plugin-api';
import {
  SecretDifference,
  whyNotComparable,
} from '@highroad/plugin-secrets-common';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { secretsApiRef } from '../api';
import { Comparison } from '../matrix/differencesAmong';
import { Environment } from '../matrix/useSecrets';
import { serviceName } from '../words';
import { SecretDialog } from './SecretDialog';

/** Which keys have the same value in two environments. Nobody sees a value for that. */
export function CompareDialog(props: {
  service: string;
  environments: Environment[];
  /** What was found, for what stands behind this dialog */
  onCompared: (found: Comparison) => void;
  onClose: () => void;
}) {
  const { service, environments, onCompared, onClose } = props;
  const api = useApi(secretsApiRef);
  const [from, setFrom] = useState(environments[0]?.name ?? '');
  const [to, setTo] = useState(environments[1]?.name ?? '');
  const [found, setFound] = useState<SecretDifference[]>();
  const choose = (set: (name: string) => void) => (name: string) => {
    setFound(undefined);
    set(name);
  };
  const production = environments.some(
    one => one.production && [from, to].includes(one.name),
  );
  return (
    <SecretDialog
      title={`Compare secrets of ${serviceName(service)}`}
      submit={{
        label: 'Compare',
        obstacle:
          !from || !to || from === to ? 'Choose two environments.' : undefined,
      }}
      ask={async () => {
        const asked = { service, from, to };
        const { items } = production
          ? await api.diffProduction(asked)
          : await api.diff(asked);
        setFound(items);
        onCompared({ from, to, items });
      }}
      onClose={onClose}
    >
      <Stack direction="row" spacing={2}>
        <Choice
          label="One environment"
          {...{ environments, value: from, onChange: choose(setFrom) }}
        />
        <Choice
          label="The other"
          {...{ environments, value: to, onChange: choose(setTo) }}
        />
      </Stack>
      {found && (
        <Table size="small" aria-label="How keys compare">
          <TableHead>
            <TableRow>
              <TableCell sx={{ width: '40%' }}>Key</TableCell>
              <TableCell>
                {from} and {to}
              </TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {found.map(({ key, outcome, ...where }) => (
              <TableRow key={key}>
                <TableCell
                  component="th"
                  scope="row"
                  sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}
                >
                  {key}
                </TableCell>
                <TableCell>
                  {
                    {
                      same: 'the same',
                      differs: 'differ',
                      'missing-left': `missing in ${from}`,
                      'missing-right': `missing in ${to}`,
                      'not-comparable': `not comparable: ${whyNotComparable(
                        where,
                      )}`,
                    }[outcome]
                  }
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </SecretDialog>
  );
}

function Choice(props: {
  label: string;
  environments: Environment[];
  value: string;
  onChange: (name: string) => void;
}) {
  const { label, environments, value, onChange } = props;
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={event => onChange(event.target.value)}
      fullWidth
    >
      {environments.map(({ name }) => (
        <MenuItem key={name} value={name}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  );
}
