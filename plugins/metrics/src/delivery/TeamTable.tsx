import {
  definitions,
  Key,
  keys,
  measureText,
  nameOf,
  partlyText,
  Scope,
  TeamColumn,
  TeamRow,
} from '@highroad/plugin-metrics-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
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
import { Sparkline } from '../chart/Sparkline';
import { Heading } from '../parts/Heading';
import { PAGES } from '../runbooks';
import { By, ROWS, View } from '../view/useView';
import { useTeams } from './useTeams';

const SUNDAY = 0;
const MONDAY = 1;

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
/** A group's row is what its page is. */
const NAMES: Record<By, string> = {
  owner: 'Team, with the groups within it',
  system: 'System',
  service: 'Service',
};

/** Teams, systems or services beside each other. Never people. */
export function TeamTable(props: {
  view: View;
  change: (part: Partial<View>) => void;
}) {
  const { view, change } = props;
  const { value, loading, error, retry } = useTeams(view);
  return (
    <Box component="section" aria-label="Compared">
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 2, mb: 1 }}>
        <Heading>Compared</Heading>
        <ToggleButtonGroup
          size="small"
          exclusive
          value={view.by}
          aria-label="Compare"
          onChange={(_, by: By | null) => by && change({ by, rows: ROWS.step })}
        >
          {BYS.map(([by, text]) => (
            <ToggleButton key={by} value={by} sx={{ py: 0.25 }}>
              {text}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </Box>
      {error && (
        <Failure
          what="The comparison could not be read"
          error={error}
          runbook={PAGES.numbers}
          onRetry={retry}
        />
      )}
      {!value && !error && <Waiting label="Reading the comparison" rows={4} />}
      {value?.total === 0 && (
        <Box sx={{ color: 'text.secondary' }}>
          {value.scope.untold
            ? 'No data: nobody tells of deployments here yet.'
            : 'Nothing was deployed in this time.'}
        </Box>
      )}
      {value && value.total > 0 && (
        <Rows {...{ ...value, view, change, loading }} />
      )}
    </Box>
  );
}

/** Whether a week of a range, the first of them 0, is in it only in part or not over; weeks begin on Mondays. */
function partialWeeks({ range, incomplete }: Scope, weeks: number) {
  const { from, to } = range;
  const dayOf = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay();
  return (at: number) =>
    (at === 0 && dayOf(from) !== MONDAY) ||
    (at === weeks - 1 && (incomplete || dayOf(to) !== SUNDAY));
}

function Rows(props: {
  rows: TeamRow[];
  scope: Scope;
  total: number;
  loading: boolean;
  view: View;
  change: (part: Partial<View>) => void;
}) {
  const { rows, scope, total, loading, view, change } = props;
  const { sort, descending } = view;
  const direction = descending ? 'desc' : 'asc';
  const head = (column: TeamColumn, text: string, right = true) => (
    <TableCell
      align={right ? 'right' : 'left'}
      sortDirection={sort === column ? direction : false}
    >
      <TableSortLabel
        active={sort === column}
        direction={sort === column ? direction : 'asc'}
        onClick={() =>
          change({
            sort: column,
            descending: sort === column && !descending,
          })
        }
      >
        {text}
      </TableSortLabel>
    </TableCell>
  );
  return (
    <>
      <TableContainer component={Paper} variant="outlined">
        <Table
          size="small"
          aria-label="Compared"
          aria-busy={loading}
          sx={{ '& td': { fontVariantNumeric: 'tabular-nums' } }}
        >
          <TableHead>
            <TableRow>
              {head('name', NAMES[view.by], false)}
              {keys.map(key => (
                <Head key={key}>{head(key, HEADS[key])}</Head>
              ))}
              <TableCell>Deployments by week</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.map(({ ref, measures, trend, partly, example }) => (
              <TableRow key={ref} hover>
                <TableCell component="th" scope="row">
                  {ref ? (
                    <Link
                      component="button"
                      onClick={() => change({ slice: ref })}
                    >
                      {nameOf(ref)}
                    </Link>
                  ) : (
                    'Nobody known'
                  )}
                  {example && (
                    <Chip
                      size="small"
                      variant="outlined"
                      label="example"
                      sx={{ ml: 1 }}
                    />
                  )}
                  {partly && (
                    <Box
                      component="span"
                      title={partlyText(partly)}
                      sx={{ ml: 1, fontSize: 12, color: 'text.secondary' }}
                    >
                      partly known
                    </Box>
                  )}
                </TableCell>
                {keys.map(key => (
                  <TableCell key={key} align="right">
                    {measureText(measures[key], definitions[key].unit)}
                  </TableCell>
                ))}
                <TableCell>
                  <Sparkline
                    label="Deployments by week"
                    values={trend}
                    isPartial={partialWeeks(scope, trend.length)}
                  />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </TableContainer>
      {total > rows.length && (
        <Box sx={{ mt: 1, fontSize: 13, color: 'text.secondary' }}>
          {rows.length} of {total.toLocaleString('en')}, sorted as above.{' '}
          {rows.length < ROWS.most && (
            <Button
              size="small"
              onClick={() => change({ rows: view.rows + ROWS.step })}
            >
              Show more
            </Button>
          )}
        </Box>
      )}
    </>
  );
}

function Head({ children }: { children: JSX.Element }) {
  return children;
}
