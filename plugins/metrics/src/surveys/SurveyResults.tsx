import { useApi } from '@backstage/core-plugin-api';
import {
  nameOf,
  NetPromoterScore,
  QuarterResult,
  surveyQuestion,
} from '@highroad/plugin-metrics-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { metricsApiRef } from '../api';
import { Heading } from '../parts/Heading';
import { PAGES } from '../runbooks';

/** How people like the platform, by quarter and group, as far as nobody can be told from it. */
export function SurveyResults() {
  const api = useApi(metricsApiRef);
  const { value, error, retry } = useAsyncRetry(
    () => api.surveyResults({}),
    [api],
  );
  if (error) {
    return (
      <Failure
        what="The results could not be read"
        error={error}
        runbook={PAGES.survey}
        onRetry={retry}
      />
    );
  }
  if (!value) return <Waiting label="Reading the results" rows={4} />;
  return (
    <Stack spacing={3}>
      <Box sx={{ fontSize: 14, color: 'text.secondary', maxWidth: 720 }}>
        “{surveyQuestion}” from 0 to 10: percent of 9 and 10 minus percent of 0
        to 6. {value.current} goes on, and is shown once it is over. Groups of
        fewer than five answers are never shown by themselves.
      </Box>
      {value.quarters.length === 0 && (
        <Box>No quarter with answers is over yet, so there is no data.</Box>
      )}
      {value.quarters.map(quarter => (
        <Quarter key={quarter.quarter} result={quarter} />
      ))}
    </Stack>
  );
}

function Quarter({ result }: { result: QuarterResult }) {
  const { quarter, total, groups, others, leftOut, texts } = result;
  const { responseRate: ofAll } = result;
  return (
    <Box component="section" aria-label={quarter}>
      <Heading>{quarter}</Heading>
      {total ? (
        <TableContainer component={Paper} variant="outlined">
          <Table
            size="small"
            aria-label={quarter}
            sx={{ '& td': { fontVariantNumeric: 'tabular-nums' } }}
          >
            <TableHead>
              <TableRow>
                <TableCell>Group</TableCell>
                <TableCell align="right">Score</TableCell>
                <TableCell align="right">Answers</TableCell>
                <TableCell align="right">Of those asked</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {groups.map(({ group, nps, responseRate }) => (
                <Row
                  key={group}
                  {...{ nps, responseRate }}
                  name={group ? nameOf(group) : 'In no group'}
                />
              ))}
              {others && <Row name="Smaller groups together" nps={others} />}
              <Row name="All that are shown" nps={total} responseRate={ofAll} />
            </TableBody>
          </Table>
        </TableContainer>
      ) : (
        <Box>Fewer than five answered, so nothing is shown.</Box>
      )}
      {total && leftOut && (
        <Box sx={{ fontSize: 13, color: 'text.secondary', mt: 1 }}>
          Groups that are fewer than five answers together are left out.
        </Box>
      )}
      {texts.length > 0 && (
        <details>
          <summary>What people wrote</summary>
          <ul>
            {texts.map((text, at) => (
              // The same may be written twice.
              <li key={`${at} ${text}`}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </Box>
  );
}

function Row(props: {
  name: string;
  nps: NetPromoterScore;
  responseRate?: number;
}) {
  const { name, nps, responseRate } = props;
  return (
    <TableRow>
      <TableCell component="th" scope="row">
        {name}
      </TableCell>
      <TableCell align="right">
        {Math.round(nps.score)} ± {Math.round(nps.margin)}
      </TableCell>
      <TableCell align="right">{nps.n}</TableCell>
      <TableCell align="right">
        {responseRate === undefined
          ? '—'
          : `${Math.round(responseRate * 100)} %`}
      </TableCell>
    </TableRow>
  );
}
