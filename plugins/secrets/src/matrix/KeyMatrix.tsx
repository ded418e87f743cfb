import {
  DeployedUses,
  missingKeys,
  Rotation,
  Secret,
  usersOf,
} from '@highroad/plugin-secrets-common';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { Differences } from './differencesAmong';
import { KeyCell } from './KeyCell';
import { Environment } from './useSecrets';

/** A key in one environment. */
export interface Spot extends Environment {
  key: string;
}

/** What somebody wants to do. */
export type Deed =
  | { kind: 'set'; at?: Spot }
  | { kind: 'import' | 'compare' }
  | {
      kind: 'reveal' | 'history' | 'rotate' | 'delete' | 'undelete';
      at: Spot;
    };

export interface May {
  set: boolean;
  reveal: (production: boolean) => boolean;
}

/** A row for each key, a column for each environment. Keys that programs lack come first. */
export function KeyMatrix(props: {
  environments: Environment[];
  items: Secret[];
  rotations: Rotation[];
  uses: DeployedUses[];
  /** Name of the Secret that the service's programs get */
  secretName: string;
  /** Which values differ, as far as the reader may know */
  differences: Differences;
  may: May;
  onChoose: (deed: Deed) => void;
}) {
  const { environments, items, rotations, uses, secretName } = props;
  const { differences, may, onChoose } = props;
  const missing = missingKeys(
    secretName,
    environments.map(({ name }) => name),
    items,
    uses,
  );
  const lacking = new Set(missing.map(({ key }) => key).sort());
  const keys = new Set([...lacking, ...items.map(({ key }) => key).sort()]);
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table
        size="small"
        aria-label="Keys by environment"
        sx={{ '& td, & th': { wordBreak: 'normal' } }}
      >
        <TableHead>
          <TableRow>
            <TableCell>Key</TableCell>
            {environments.map(({ name }) => (
              <TableCell key={name}>{name}</TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {[...keys].map(key => (
            <TableRow key={key} hover>
              <TableCell
                component="th"
                scope="row"
                sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}
              >
                {key}
              </TableCell>
              {environments.map(environment => (
                <TableCell key={environment.name}>
                  <KeyCell
                    at={{ ...environment, key }}
                    secret={items.find(
                      one =>
                        one.key === key && one.environment === environment.name,
                    )}
                    rotation={rotations.find(
                      one =>
                        one.key === key && one.environment === environment.name,
                    )}
                    missing={missing.find(
                      one =>
                        one.key === key && one.environment === environment.name,
                    )}
                    users={usersOf(
                      { environment: environment.name, key },
                      secretName,
                      uses,
                    )}
                    differsFrom={differences.of(key, environment.name)}
                    may={may}
                    onChoose={onChoose}
                  />
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
