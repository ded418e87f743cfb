import {
  DeployedUses,
  isUnseen,
  LentKey,
  missingKeys,
  needsOf,
  Rotation,
  Secret,
  SecretSync,
  UnseenKey,
  urgencyOf,
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

/** Something was done: what, in words, and how far clusters and environments on demand are. */
export type Done = (text: string, sync?: SecretSync[]) => void;

export interface May {
  set: boolean;
  reveal: (production: boolean) => boolean;
}

/** A row for each key, a column for each environment. What needs somebody comes first, most urgent first of all. */
export function KeyMatrix(props: {
  environments: Environment[];
  items: Secret[];
  /** What cannot be looked at */
  unseen: UnseenKey[];
  /** Keys that the platform makes with a first deployment */
  provided: string[];
  rotations: Rotation[];
  uses: DeployedUses[];
  /** What environments on demand are given */
  lent: LentKey[];
  /** Name of the Secret that the service's programs get */
  secretName: string;
  /** Which values differ, as far as the reader may know */
  differences: Differences;
  may: May;
  onChoose: (deed: Deed) => void;
}) {
  const { environments, items, lent, rotations, uses, secretName } = props;
  const { differences, may, onChoose, provided, unseen } = props;
  const missing = missingKeys(
    secretName,
    environments.map(({ name }) => name),
    items,
    uses,
    { unseen, provided },
  );
  const now = Date.now();
  const names = [
    ...[...missing, ...items].map(({ key }) => key),
    ...unseen.flatMap(({ key }) => key ?? []),
  ];
  const rows = [...new Set(names)]
    .sort()
    .map(key => {
      const cells = environments.map(({ name }) => ({
        secret: at(items, key, name),
        rotation: at(rotations, key, name),
        missing: at(missing, key, name),
      }));
      const needs = cells.flatMap(cell => needsOf(cell, now));
      return { key, cells, urgency: urgencyOf(needs) };
    })
    .sort((one, other) => one.urgency - other.urgency);
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
          {rows.map(({ key, cells }) => (
            <TableRow key={key} hover>
              <TableCell
                component="th"
                scope="row"
                sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}
              >
                {key}
              </TableCell>
              {environments.map((environment, column) => (
                <TableCell key={environment.name}>
                  <KeyCell
                    at={{ ...environment, key }}
                    {...cells[column]}
                    provided={provided.includes(key)}
                    unseen={isUnseen(
                      { environment: environment.name, key },
                      unseen,
                    )}
                    lentTo={at(lent, key, environment.name)?.to ?? []}
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

function at<T extends { key: string; environment: string }>(
  all: T[],
  key: string,
  environment: string,
): T | undefined {
  return all.find(one => one.key === key && one.environment === environment);
}
