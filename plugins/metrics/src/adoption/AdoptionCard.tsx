import {
  adoptionDefinitions,
  AdoptionReading,
  Point,
  valueText,
} from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { Sparkline } from '../chart/Sparkline';
import { HowCounted } from '../parts/HowCounted';

const MOST_LISTED = 10;

/** A number of adoption at a glance, with the way to what is behind it, where that may be shown. */
export function AdoptionCard(props: {
  reading: AdoptionReading;
  /** For its trend, as far as it is known */
  points?: Point[];
  selected?: boolean;
  onSelect?: () => void;
  onDetails?: () => void;
  /** Leads to results of surveys */
  onResults?: () => void;
}) {
  const { points = [], selected, onSelect, onDetails, onResults } = props;
  const { key, title, number, compared, reading, list, listTitle } =
    props.reading;
  const known = number !== 'no data';
  const shown = (
    <ul style={{ margin: '4px 0', paddingLeft: 18 }}>
      {list.slice(0, MOST_LISTED).map(one => (
        <li key={one}>{one}</li>
      ))}
      {list.length > MOST_LISTED && (
        <li>and {list.length - MOST_LISTED} more</li>
      )}
    </ul>
  );
  return (
    <Paper
      component="section"
      variant="outlined"
      aria-label={title}
      sx={{
        ...{ p: 2, display: 'flex', flexDirection: 'column', gap: 0.5 },
        fontSize: 14,
        ...(selected && { borderColor: 'primary.main', borderWidth: 2 }),
      }}
    >
      <Typography component="h2" sx={{ fontSize: 14, fontWeight: 600 }}>
        {title}
      </Typography>
      <Typography
        color={known ? undefined : 'text.secondary'}
        sx={{ fontSize: 26, fontWeight: 650 }}
      >
        {number}
      </Typography>
      {compared && (
        <Typography color="text.secondary" sx={{ fontSize: 13 }}>
          {compared}
        </Typography>
      )}
      {points.some(one => one.value !== undefined) && (
        <Sparkline
          label={`${title} over time`}
          values={points.map(one => one.value)}
          isPartial={at => !points[at].complete}
          text={one => valueText(one, adoptionDefinitions[key].unit)}
        />
      )}
      <div>{reading}</div>
      {list.length > 0 && !listTitle && shown}
      {list.length > 0 && listTitle && (
        <details>
          <summary>{listTitle}</summary>
          {shown}
        </details>
      )}
      <HowCounted definition={adoptionDefinitions[key]} />
      <Box sx={{ mt: 'auto', display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {onSelect && (
          <Button size="small" onClick={onSelect} aria-pressed={selected}>
            Chart
          </Button>
        )}
        {onDetails && (
          <Button size="small" onClick={onDetails}>
            What counts
          </Button>
        )}
        {onResults && (
          <Button size="small" onClick={onResults}>
            Surveys
          </Button>
        )}
      </Box>
    </Paper>
  );
}
