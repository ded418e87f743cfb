import { Drift } from '@highroad/plugin-deployments-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { Heading } from '../parts/Heading';
import { withShortHashes } from '../words/short';

/** What is otherwise in the cluster than it was deployed, field by field. */
export function ChangedByHand({ drift }: { drift: Drift | undefined }) {
  return (
    <Box component="section" aria-label="Changed by hand">
      <Heading>Changed by hand</Heading>
      <Typography sx={{ fontSize: 14, mb: 1 }} color="text.secondary">
        {drift ? (
          <>
            {withShortHashes(drift.summary)}, looked{' '}
            <RelativeTime time={drift.at} />.{' '}
            {drift.state === 'differs' && 'Deploying again takes it back.'}
          </>
        ) : (
          'Nobody has looked yet since it was deployed; it is looked every few minutes.'
        )}
      </Typography>
      {drift && drift.changes.length > 0 && (
        <TableContainer component={Paper} variant="outlined">
          <Table size="small" aria-label="What was changed by hand">
            <TableHead>
              <TableRow>
                <TableCell>What</TableCell>
                <TableCell>Field</TableCell>
                <TableCell>Deployed</TableCell>
                <TableCell>There now</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {rowsOf(drift).map(({ object, path, before, after }) => (
                <TableRow key={`${object} ${path}`}>
                  <TableCell component="th" scope="row">
                    {object}
                  </TableCell>
                  <TableCell sx={{ overflowWrap: 'anywhere' }}>
                    {path}
                  </TableCell>
                  <TableCell sx={{ overflowWrap: 'anywhere' }}>
                    {before}
                  </TableCell>
                  <TableCell sx={{ overflowWrap: 'anywhere' }}>
                    {after}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
    </Box>
  );
}

function rowsOf({ changes }: Drift) {
  return changes.flatMap(({ object, change, fields }) =>
    change === 'changed'
      ? fields.map(({ path, before, after }) => ({
          ...{ object, path },
          before: before ?? 'left out',
          after: after ?? 'left out',
        }))
      : [{ object, path: 'all of it', before: 'there', after: 'removed' }],
  );
}
