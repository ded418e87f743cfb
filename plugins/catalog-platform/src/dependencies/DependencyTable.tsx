import { Link } from '@backstage/core-components';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  DependencyAnswer,
  DependencyItem,
} from '@highroad/plugin-catalog-platform-common';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TablePagination from '@mui/material/TablePagination';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { useEffect, useState } from 'react';
import { shortName } from '../names';

const ROWS = 25;

function Way(props: { item: DependencyItem }) {
  const { path, pathCount } = props.item;
  const between = path.slice(0, -1).map(step => shortName(step.ref));
  const others = pathCount - 1;
  return (
    <>
      {between.length > 0 ? `through ${between.join(' → ')}` : 'direct'}
      {others > 0 && (
        <Typography component="span" variant="caption" color="text.secondary">
          {` and ${others} other ${others === 1 ? 'way' : 'ways'}`}
        </Typography>
      )}
    </>
  );
}

function Row(props: { item: DependencyItem }) {
  const { item } = props;
  return (
    <TableRow hover>
      <TableCell component="th" scope="row">
        <EntityRefLink entityRef={item.ref} title={item.title} />
        <Typography variant="caption" color="text.secondary" display="block">
          {item.type ?? item.kind.toLowerCase()}
        </Typography>
      </TableCell>
      <TableCell align="right" sx={{ fontVariantNumeric: 'tabular-nums' }}>
        {item.depth}
      </TableCell>
      <TableCell>
        <Way item={item} />
      </TableCell>
      <TableCell>
        {item.owner ? (
          <EntityRefLink entityRef={item.owner} defaultKind="group" />
        ) : (
          'nobody'
        )}
      </TableCell>
      <TableCell>{item.lifecycle ?? '–'}</TableCell>
      <TableCell>
        {item.onCall ? (
          <Link
            to={item.onCall.url}
            aria-label={`Who is on call for ${item.title}, in PagerDuty`}
          >
            PagerDuty
          </Link>
        ) : (
          '–'
        )}
      </TableCell>
    </TableRow>
  );
}

/** Everything found, nearest first, a page at a time. */
export function DependencyTable(props: { answer: DependencyAnswer }) {
  const { items, direction } = props.answer;
  const [page, setPage] = useState(0);
  useEffect(() => setPage(0), [items]);
  const shown = items.slice(page * ROWS, (page + 1) * ROWS);
  return (
    <Paper variant="outlined">
      <TableContainer>
        <Table
          size="small"
          sx={{
            '& th, & td': { py: 0.75, wordBreak: 'normal' },
            '& thead th, & td:not(:nth-of-type(2))': { whiteSpace: 'nowrap' },
          }}
          aria-label={
            direction === 'dependents'
              ? 'What breaks if this breaks'
              : 'What this needs'
          }
        >
          <TableHead>
            <TableRow>
              <TableCell>Name</TableCell>
              <TableCell align="right">Steps</TableCell>
              <TableCell>How</TableCell>
              <TableCell>Owner</TableCell>
              <TableCell>Lifecycle</TableCell>
              <TableCell>On call</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {shown.map(item => (
              <Row key={item.ref} item={item} />
            ))}
          </TableBody>
        </Table>
      </TableContainer>
      {items.length > ROWS && (
        <TablePagination
          component="div"
          count={items.length}
          page={page}
          rowsPerPage={ROWS}
          rowsPerPageOptions={[ROWS]}
          onPageChange={(_, next) => setPage(next)}
        />
      )}
    </Paper>
  );
}
