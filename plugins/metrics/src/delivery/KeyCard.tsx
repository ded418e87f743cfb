import {
  Beside,
  besidesText,
  definitions,
  KeySummary,
  measureText,
  Point,
  spreadText,
  valueText,
} from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { Sparkline } from '../chart/Sparkline';
import { BandLabel } from '../parts/BandLabel';
import { HowCounted } from '../parts/HowCounted';

type Behind = NonNullable<Beside['behind']>;
const BEHINDS: Record<Behind, string> = {
  incidents: 'All incidents',
  'open-failures': 'Open failures',
};

/** How many rows of the grid around it a card takes, so that what is alike of all stands in a line. */
const ROWS = 8;

/** One number at a glance: what it is, whether that is good, whether it gets better, and what that means. */
export function KeyCard(props: {
  summary: KeySummary;
  bands: string;
  /** For its trend, as far as it is known */
  points?: Point[];
  selected: boolean;
  onSelect: () => void;
  onDetails: () => void;
  /** Shows what is behind a number beside the first */
  onBehind: (behind: Behind) => void;
}) {
  const { summary, bands, points, selected } = props;
  const { onSelect, onDetails, onBehind } = props;
  const { key, unit, current, previous, band, reading } = summary;
  const definition = definitions[key];
  const known = current.state === 'value';
  const spread = spreadText(current, unit);
  return (
    <Paper
      component="section"
      variant="outlined"
      aria-label={definition.title}
      sx={{
        ...{ p: 2, display: 'grid', rowGap: 0.75, alignContent: 'start' },
        ...{ gridRow: `span ${ROWS}`, gridTemplateRows: 'subgrid' },
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
        {spread && (
          <Box component="span" sx={{ display: 'block' }}>
            {spread}
          </Box>
        )}
      </Typography>
      <div>
        {points && points.some(one => one.value !== undefined) && (
          <Sparkline
            label={`${definition.title} over time`}
            values={points.map(one => one.value)}
            isPartial={at => !points[at].complete}
            text={one => valueText(one, unit)}
          />
        )}
      </div>
      <Typography sx={{ fontSize: 14 }}>{reading}</Typography>
      <Typography color="text.secondary" sx={{ fontSize: 13 }}>
        {current.state !== 'no-data' && besidesText(current.beside)}
      </Typography>
      <HowCounted definition={definition} />
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'flex-start',
          mx: -0.5,
        }}
      >
        <Button size="small" onClick={onSelect} aria-pressed={selected}>
          Chart
        </Button>
        {current.state !== 'no-data' && (
          <Button size="small" onClick={onDetails}>
            Deployments
          </Button>
        )}
        {current.state !== 'no-data' &&
          current.beside.map(
            ({ behind, value }) =>
              behind &&
              value > 0 && (
                <Button
                  key={behind}
                  size="small"
                  onClick={() => onBehind(behind)}
                >
                  {BEHINDS[behind]}
                </Button>
              ),
          )}
      </Box>
    </Paper>
  );
}
