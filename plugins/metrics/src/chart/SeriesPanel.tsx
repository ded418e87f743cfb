import { Point, Unit } from '@highroad/plugin-metrics-common';
import { Failure } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { Heading } from '../parts/Heading';
import { PAGES } from '../runbooks';
import { Comparison } from './Behind';
import { Distribution, Length } from './Distribution';
import { Legend } from './Legend';
import { PointTable } from './PointTable';
import { SeriesChart } from './SeriesChart';

/** Something that can be saved. */
export interface Download {
  file: string;
  download: (as: 'csv' | 'jsonl') => Promise<Blob>;
}

/** A number over time, as a chart or as a table, with what it was taken from to be saved. */
export function SeriesPanel(props: {
  title: string;
  unit: Unit;
  points: Point[];
  /** What the points are compared with */
  behind?: Comparison;
  /** How many took how long, of durations */
  distribution?: Length[];
  /** Shows what took so long */
  onSelectLength?: (length: Length) => void;
  asTable: boolean;
  onAsTable: (asTable: boolean) => void;
  onSelect: (point: Point) => void;
  /** What can be saved, by the name of its file without its ending; the first unless another is chosen */
  downloads: Download[];
}) {
  const { title, unit, points, distribution = [], asTable } = props;
  const { behind = {} } = props;
  const { onAsTable, onSelect, onSelectLength, downloads } = props;
  const [chosen, setChosen] = useState(downloads[0].file);
  const [failed, setFailed] = useState<{ as: 'csv' | 'jsonl'; error: Error }>();
  const save = async (as: 'csv' | 'jsonl') => {
    const { file, download } =
      downloads.find(one => one.file === chosen) ?? downloads[0];
    setFailed(undefined);
    let saved: Blob;
    try {
      saved = await download(as);
    } catch (error) {
      setFailed({
        as,
        error: error instanceof Error ? error : new Error(String(error)),
      });
      return;
    }
    const url = URL.createObjectURL(saved);
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
        {downloads.length > 1 && (
          <TextField
            select
            size="small"
            variant="standard"
            value={chosen}
            onChange={event => setChosen(event.target.value)}
            SelectProps={{ native: true, sx: { fontSize: 13 } }}
            inputProps={{ 'aria-label': 'What to download' }}
          >
            {downloads.map(({ file }) => (
              <option key={file} value={file}>
                {file}
              </option>
            ))}
          </TextField>
        )}
        <Button size="small" onClick={() => save('csv')}>
          Download CSV
        </Button>
        <Button size="small" onClick={() => save('jsonl')}>
          Download JSON
        </Button>
      </Box>
      {failed && (
        <Failure
          what="It could not be downloaded"
          error={failed.error}
          runbook={PAGES.numbers}
          onRetry={() => save(failed.as)}
        />
      )}
      {points.length === 0 && (
        <Box sx={{ color: 'text.secondary' }}>
          There is no data to draw, which is not the same as zero.
        </Box>
      )}
      {points.length > 0 &&
        (asTable ? (
          <PointTable {...{ title, unit, points, behind, onSelect }} />
        ) : (
          <>
            <SeriesChart {...{ title, unit, points, behind, onSelect }} />
            <Legend {...{ points, behind }} />
          </>
        ))}
      {distribution.length > 0 && (
        <Box sx={{ mt: 2, maxWidth: 560 }}>
          <Distribution
            title="How many took how long"
            bins={distribution}
            onSelect={onSelectLength}
          />
        </Box>
      )}
    </Paper>
  );
}
