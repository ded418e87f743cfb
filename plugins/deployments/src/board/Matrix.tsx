import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { StandingEnvironment } from '@highroad/plugin-deployments-common';
import { Environment } from '@highroad/plugin-environments-common';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { memo, useState } from 'react';
import { Row } from './board';
import { PlaceCell } from './PlaceCell';
import { areAlike } from './previews';
import { PreviewsCell } from './PreviewsCell';

/** Rows that are drawn at once: a browser stays quick with these, and nobody reads more without filtering. */
const PAGE = 100;

interface RowProps {
  row: Row;
  columns: string[];
  /** Those that the service is in */
  previews: Environment[] | undefined;
  /** There is a column for them */
  hasPreviews: boolean;
}

const MatrixRow = memo(
  ({ row, columns, previews, hasPreviews }: RowProps) => (
    <TableRow hover>
      <TableCell component="th" scope="row">
        <EntityRefLink entityRef={row.service} hideIcon title={row.name} />
      </TableCell>
      {columns.map(name => (
        <TableCell key={name} sx={{ fontVariantNumeric: 'tabular-nums' }}>
          <PlaceCell place={row.places.get(name)} />
        </TableCell>
      ))}
      {hasPreviews && (
        <TableCell sx={{ whiteSpace: 'nowrap' }}>
          <PreviewsCell service={row.service} previews={previews} />
        </TableCell>
      )}
    </TableRow>
  ),
  (before, after) =>
    before.hasPreviews === after.hasPreviews &&
    areAlike(before.previews, after.previews) &&
    before.columns.join() === after.columns.join() &&
    before.row.places.size === after.row.places.size &&
    [...after.row.places].every(
      ([name, place]) => before.row.places.get(name) === place,
    ),
);

/** Services by environments. */
export function Matrix(props: {
  rows: Row[];
  columns: string[];
  environments: StandingEnvironment[];
  /** By service; without any, there is no column for them */
  previews: Map<string, Environment[]>;
}) {
  const { rows, columns, environments, previews } = props;
  const hasPreviews = previews.size > 0;
  const [shown, setShown] = useState(PAGE);
  const known = new Map(environments.map(one => [one.name, one]));
  return (
    <>
      <TableContainer component={Paper} variant="outlined">
        <Table
          size="small"
          aria-label="What runs where"
          sx={{ '& td, & th': { verticalAlign: 'top', wordBreak: 'normal' } }}
        >
          <TableHead>
            <TableRow>
              <TableCell>Service</TableCell>
              {columns.map(name => (
                <TableCell key={name}>
                  {name}
                  <Kind environment={known.get(name)} />
                </TableCell>
              ))}
              {hasPreviews && <TableCell>Previews</TableCell>}
            </TableRow>
          </TableHead>
          <TableBody>
            {rows.slice(0, shown).map(row => (
              <MatrixRow
                key={row.service}
                {...{ row, columns, hasPreviews }}
                previews={previews.get(row.service)}
              />
            ))}
          </TableBody>
        </Table>
      </TableContainer>
      {rows.length > PAGE && (
        <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', mt: 1.5 }}>
          <Typography role="status" sx={{ fontSize: 13 }}>
            {Math.min(shown, rows.length).toLocaleString('en')} of{' '}
            {rows.length.toLocaleString('en')} services
          </Typography>
          {shown < rows.length && (
            <Button size="small" onClick={() => setShown(shown + PAGE)}>
              Show {Math.min(PAGE, rows.length - shown)} more
            </Button>
          )}
        </Box>
      )}
    </>
  );
}

function Kind({ environment }: { environment?: StandingEnvironment }) {
  const words = [
    !environment && 'no longer configured',
    environment?.production && 'production',
    environment?.approval && 'needs approval',
  ].filter(word => word && word !== environment?.name);
  if (words.length === 0) return null;
  return (
    <Box
      component="span"
      sx={{ color: 'text.secondary', fontWeight: 400, ml: 1 }}
    >
      {words.join(', ')}
    </Box>
  );
}
