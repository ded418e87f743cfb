import {
  definitions,
  Key,
  keys,
  measureText,
  TeamRow,
} from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import TableSortLabel from '@mui/material/TableSortLabel';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useMemo, useState } from 'react';
import { Sparkline } from '../chart/Sparkline';
import { Heading } from '../parts/Heading';
import { nameOf } from '../view/SliceField';
import { By } from '../view/useView';

const HEADS: Record<Key, string> = {
  frequency: 'A week',
  'lead-time': 'Lead time',
  'change-failure-rate': 'Failures',
  recovery: 'Recovery',
  rework: 'Rework',
};
const BYS: Array<[By, string]> = [
  ['owner', 'Teams'],
  ['system', 'Systems'],
  ['service', 'Services'],
];
type Column = Key | 'name';
/** More at once are slow to draw, and nobody reads them; sorting brings up what is looked for. */
const STEP = 50;

/** Teams, systems or services beside each other. Never people. */
export function TeamTable(props: {
  rows: TeamRow[];
  by: By;
  onBy: (by: By) => void;
  onChoose: (ref: string) => void;
}) {
  const { rows, by, onBy, onChoose } = props;
  const [sort, setSort] = useState<{ column: Column; up: boolean }>({
    ...{ column: 'name', up: true },
  });
  const [most, setMost] = useState(STEP);
  const sorted = useMemo(() => sortRows(rows, sort), [rows, sort]);
  const head = (column: Column, text: string, right = true) => (
    <TableCell
      align={right ? 'right' : 'left'}
      sortDirection={sortDirection(sort, column)}
    >
      <TableSortLabel
        active={sort.column === column}
        direction={sort.up ? 'asc' : 'desc'}
        onClick={() =>
          setSort({ column, up: sort.column === column ? !sort.up : true })
        }
      >
        {text}
      </TableSortLabel>
    </TableCell>
  );
  return (
    <Box component="section" aria-label="Compared">
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, mb: 1 }}>
        <Heading>Compared</Heading>
        <ToggleButtonGroup
          size="small"
          exclusive
          value={by}
          aria-label="Compare"
          onChange={(_, chosen: By | null) => chosen && onBy(chosen)}
        >
          {BYS.map(([value, text]) => (
            <ToggleButton key={value} value={value} sx={{ py: 0.25 }}>
              {text}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </Box>
      {rows.length === 0 ? (
        <Box sx={{ color: 'text.secondary' }}>
          Nothing was deployed in this time.
        </Box>
      ) : (
        <TableContainer component={Paper} variant="outlined">
          <Table
            size="small"
            aria-label="Compared"
            sx={{ '& td': { fontVariantNumeric: 'tabular-nums' } }}
          >
            <TableHead>
              <TableRow>
                {head('name', 'Name', false)}
                {keys.map(key => (
                  <Head key={key}>{head(key, HEADS[key])}</Head>
                ))}
                <TableCell>Deployments by week</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {sorted.slice(0, most).map(({ ref, measures, trend }) => (
                <TableRow key={ref} hover>
                  <TableCell component="th" scope="row">
                    {ref ? (
                      <Link component="button" onClick={() => onChoose(ref)}>
                        {nameOf(ref)}
                      </Link>
                    ) : (
                      'Nobody known'
                    )}
                  </TableCell>
                  {keys.map(key => (
                    <TableCell key={key} align="right">
                      {measureText(measures[key], definitions[key].unit)}
                    </TableCell>
                  ))}
                  <TableCell>
                    <Sparkline label="Deployments by week" values={trend} />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
      {rows.length > most && (
        <Box sx={{ mt: 1, fontSize: 13, color: 'text.secondary' }}>
          {most} of {rows.length.toLocaleString('en')}, sorted as above.{' '}
          <Button size="small" onClick={() => setMost(most + STEP)}>
            Show more
          </Button>
        </Box>
      )}
    </Box>
  );
}

function Head({ children }: { children: JSX.Element }) {
  return children;
}

function sortDirection(
  sort: { column: Column; up: boolean },
  column: Column,
): 'asc' | 'desc' | false {
  if (sort.column !== column) return false;
  return sort.up ? 'asc' : 'desc';
}

/** What has no value stands at the end, whichever way it is sorted: it is neither more nor less. */
export function sortRows(
  rows: TeamRow[],
  { column, up }: { column: Column; up: boolean },
): TeamRow[] {
  const sign = up ? 1 : -1;
  return [...rows].sort((a, b) => {
    const byName = a.ref.localeCompare(b.ref);
    if (column === 'name') return sign * byName;
    const [one, other] = [a.measures[column], b.measures[column]];
    if (one.state === 'value' && other.state === 'value') {
      return sign * (one.value - other.value) || byName;
    }
    return (
      Number(other.state === 'value') - Number(one.state === 'value') || byName
    );
  });
}
