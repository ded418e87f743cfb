import { Link } from '@backstage/core-components';
import {
  Beside,
  definitions,
  durationText,
  KeySummary,
  measureText,
  Point,
  valueText,
} from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { Sparkline } from '../chart/Sparkline';
import { BandLabel } from '../parts/BandLabel';
import { PAGES } from '../runbooks';

/** One number at a glance: what it is, whether that is good, whether it gets better, and what that means. */
export function KeyCard(props: {
  summary: KeySummary;
  bands: string;
  /** For its trend, as far as it is known */
  points?: Point[];
  selected: boolean;
  onSelect: () => void;
  onDetails: () => void;
  /** Shows what is behind the time to restore */
  onIncidents: () => void;
}) {
  const { summary, bands, points, selected } = props;
  const { onSelect, onDetails, onIncidents } = props;
  const { key, unit, current, previous, band, reading } = summary;
  const definition = definitions[key];
  const known = current.state === 'value';
  return (
    <Paper
      component="section"
      variant="outlined"
      aria-label={definition.title}
      sx={{
        ...{ p: 2, display: 'flex', flexDirection: 'column', gap: 0.75 },
        ...(selected && { borderColor: 'primary.main', borderWidth: 2 }),
      }}
    >
      <Typography component="h2" sx={{ fontSize: 14, fontWeight: 600 }}>
        {definition.title}
      </Typography>
      <Box
        sx={{
          display: 'flex',
          alignItems: 'baseline',
          flexWrap: 'wrap',
          gap: 1,
        }}
      >
        <Typography
          component="span"
          color={known ? undefined : 'text.secondary'}
          sx={{
            ...{ fontSize: 26, fontWeight: 650, whiteSpace: 'nowrap' },
            fontVariantNumeric: 'tabular-nums',
          }}
        >
          {measureText(current, unit)}
          {known && key === 'frequency' && (
            <Box component="span" sx={{ fontSize: 14, fontWeight: 400 }}>
              {' '}
              a week
            </Box>
          )}
        </Typography>
        {band && <BandLabel band={band} bands={bands} />}
      </Box>
      <Typography color="text.secondary" sx={{ fontSize: 13 }}>
        {previous.state === 'value'
          ? `${valueText(previous.value, unit)} in the period before`
          : 'Nothing before to compare with'}
      </Typography>
      {points && points.some(one => one.value !== undefined) && (
        <Sparkline
          label={`${definition.title} over time`}
          values={points.flatMap(one => one.value ?? [])}
        />
      )}
      <Typography sx={{ fontSize: 14 }}>{reading}</Typography>
      {current.state !== 'no-data' && <Besides items={current.beside} />}
      <Box component="details" sx={{ fontSize: 13 }}>
        <summary>How it is counted</summary>
        <p>{definition.formula}</p>
        <ul style={{ paddingLeft: 18 }}>
          {definition.notes.map(note => (
            <li key={note}>{note}</li>
          ))}
        </ul>
        <Link to={PAGES.definitions}>All definitions</Link>, after{' '}
        {definition.sources.map((source, at) => (
          <span key={source}>
            {at > 0 && ', '}
            <Link to={source}>{new URL(source).hostname}</Link>
          </span>
        ))}
      </Box>
      <Box sx={{ mt: 'auto', display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        <Button size="small" onClick={onSelect} aria-pressed={selected}>
          Chart
        </Button>
        {current.state !== 'no-data' && (
          <Button size="small" onClick={onDetails}>
            Deployments
          </Button>
        )}
        {current.state !== 'no-data' &&
          current.beside.some(one => one.behind === 'incidents') && (
            <Button size="small" onClick={onIncidents}>
              All incidents
            </Button>
          )}
      </Box>
    </Paper>
  );
}

function Besides({ items }: { items: Beside[] }) {
  const shown = items.filter(
    one => one.unit !== 'days' && (one.value > 0 || one.unit === 'count'),
  );
  if (shown.length === 0) return null;
  return (
    <Typography color="text.secondary" sx={{ fontSize: 13 }}>
      {shown.map(one => `${one.name}: ${besideText(one)}`).join('; ')}
    </Typography>
  );
}

function besideText({ value, unit }: Beside): string {
  if (unit === 'seconds') return durationText(value);
  return unit === 'share'
    ? valueText(value, 'share')
    : value.toLocaleString('en');
}
