import {
  bandIn,
  BandRange,
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
import { Comparison } from './Behind';
import { periodText } from './periodText';

/** The same as the chart, to be read. */
export function PointTable(props: {
  title: string;
  unit: Unit;
  points: Point[];
  behind?: Comparison;
  onSelect: (point: Point) => void;
}) {
  const { title, unit, points, behind = {}, onSelect } = props;
  const { bands = [], bandsOf, previous = [] } = behind;
  const withDays = points.some(one => one.days !== undefined);
  const isCompared = previous.some(one => one.value !== undefined);
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
          {withDays && (
            <TableCell align="right">Days with a deployment</TableCell>
          )}
          {bands.length > 0 && <TableCell>Band</TableCell>}
          {isCompared && (
            <TableCell align="right">In the period before</TableCell>
          )}
          <TableCell />
        </TableRow>
      </TableHead>
      <TableBody>
        {points.map((point, at) => (
          <TableRow key={point.from}>
            <TableCell component="th" scope="row">
              {periodText(point)}
            </TableCell>
            <TableCell align="right">
              {point.value === undefined
                ? noneText(point)
                : valueText(point.value, unit)}
            </TableCell>
            {isDuration && (
              <TableCell align="right">{optional(point.p75)}</TableCell>
            )}
            {isDuration && (
              <TableCell align="right">{optional(point.p90)}</TableCell>
            )}
            <TableCell align="right">{point.n}</TableCell>
            {withDays && (
              <TableCell align="right">{point.days ?? '—'}</TableCell>
            )}
            {bands.length > 0 && (
              <TableCell title={`By ${bandsOf}`}>
                {bandText(bands, withDays ? point.days : point.value)}
              </TableCell>
            )}
            {isCompared && (
              <TableCell align="right">
                {beforeText(previous[at], unit)}
              </TableCell>
            )}
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

/** That nothing is known is not the same as that there was nothing. */
function noneText({ unknown }: Point): string {
  return unknown ? 'no data' : '—';
}

/** Of the value alone; the number of the whole range has its own. */
function bandText(bands: BandRange[], value: number | undefined): string {
  return (value !== undefined && bandIn(bands, value)) || '—';
}

function beforeText(point: Point | undefined, unit: Unit): string {
  return point?.value === undefined
    ? '—'
    : `${valueText(point.value, unit)} (${periodText(point)})`;
}

function optional(seconds: number | undefined): string {
  return seconds === undefined ? '—' : durationText(seconds);
}
