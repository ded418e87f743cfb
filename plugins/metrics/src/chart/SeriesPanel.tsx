import { Point, Unit } from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import { Heading } from '../parts/Heading';
import { Distribution } from './Distribution';
import { PointTable } from './PointTable';
import { SeriesChart } from './SeriesChart';

/** A number over time, as a chart or as a table, with what it was taken from to be saved. */
export function SeriesPanel(props: {
  title: string;
  unit: Unit;
  points: Point[];
  /** How many took how long, of durations */
  distribution?: Array<{ from: number; to?: number; n: number }>;
  asTable: boolean;
  onAsTable: (asTable: boolean) => void;
  onSelect: (point: Point) => void;
  /** Name of what is saved, without its ending */
  file: string;
  download: (as: 'csv' | 'jsonl') => Promise<Blob>;
}) {
  const { title, unit, points, distribution = [], asTable } = props;
  const { onAsTable, onSelect, file, download } = props;
  const save = async (as: 'csv' | 'jsonl') => {
    const url = URL.createObjectURL(await download(as));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${file}.${as}`;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Paper component="section" variant="outlined" sx={{ p: 2 }}>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap' }}>
        <Box sx={{ flexGrow: 1 }}>
          <Heading>{title}</Heading>
        </Box>
        <Button
          size="small"
          aria-pressed={asTable}
          onClick={() => onAsTable(!asTable)}
        >
          {asTable ? 'As a chart' : 'As a table'}
        </Button>
        <Button size="small" onClick={() => save('csv')}>
          Download CSV
        </Button>
        <Button size="small" onClick={() => save('jsonl')}>
          Download JSON
        </Button>
      </Box>
      {points.length === 0 && (
        <Box sx={{ color: 'text.secondary' }}>
          There is no data to draw, which is not the same as zero.
        </Box>
      )}
      {points.length > 0 &&
        (asTable ? (
          <PointTable {...{ title, unit, points, onSelect }} />
        ) : (
          <SeriesChart {...{ title, unit, points, onSelect }} />
        ))}
      {distribution.length > 0 && (
        <Box sx={{ mt: 2, maxWidth: 560 }}>
          <Distribution title="How many took how long" bins={distribution} />
        </Box>
      )}
    </Paper>
  );
}
