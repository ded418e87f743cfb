import {
  durationText,
  Point,
  Unit,
  valueText,
} from '@highroad/plugin-metrics-common';
import Link from '@mui/material/Link';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { periodText } from './periodText';

/** The same as the chart, to be read. */
export function PointTable(props: {
  title: string;
  unit: Unit;
  points: Point[];
  onSelect: (point: Point) => void;
}) {
  const { title, unit, points, onSelect } = props;
  const isDuration = unit === 'seconds';
  return (
    <Table
      size="small"
      aria-label={title}
      sx={{ '& td': { fontVariantNumeric: 'tabular-nums' } }}
    >
      <TableHead>
        <TableRow>
          <TableCell>From</TableCell>
          <TableCell align="right">{isDuration ? 'Median' : 'Value'}</TableCell>
          {isDuration && <TableCell align="right">p75</TableCell>}
          {isDuration && <TableCell align="right">p90</TableCell>}
          <TableCell align="right">Of</TableCell>
          <TableCell />
        </TableRow>
      </TableHead>
      <TableBody>
        {points.map(point => (
          <TableRow key={point.from}>
            <TableCell component="th" scope="row">
              {periodText(point)}
            </TableCell>
            <TableCell align="right">
              {point.value === undefined ? '—' : valueText(point.value, unit)}
            </TableCell>
            {isDuration && (
              <TableCell align="right">{optional(point.p75)}</TableCell>
            )}
            {isDuration && (
              <TableCell align="right">{optional(point.p90)}</TableCell>
            )}
            <TableCell align="right">{point.n}</TableCell>
            <TableCell>
              {point.n > 0 && (
                <Link
                  component="button"
                  onClick={() => onSelect(point)}
                  sx={{ mr: 1 }}
                >
                  Show
                </Link>
              )}
              {!point.complete && 'not whole'}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function optional(seconds: number | undefined): string {
  return seconds === undefined ? '—' : durationText(seconds);
}
