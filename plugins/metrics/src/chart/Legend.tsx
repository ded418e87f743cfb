import { Point } from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import { useTheme } from '@mui/material/styles';
import { Comparison } from './Behind';

/** What the signs of a chart mean, only of those that it has. */
export function Legend(props: { points: Point[]; behind: Comparison }) {
  const { points, behind } = props;
  const { palette } = useTheme();
  const { bands = [], bandsOf, previous = [] } = behind;
  const main = palette.primary.main;
  const quiet = palette.text.secondary;
  const items: Array<[shown: boolean, text: string, sign: JSX.Element]> = [
    [
      points.some(one => one.value),
      'this period',
      <rect x={4} y={2} width={8} height={8} rx={1} fill={main} />,
    ],
    [
      points.some(one => !one.complete && one.value),
      'not whole',
      <rect
        {...{ x: 4, y: 2, width: 8, height: 8, rx: 1, fill: main }}
        fillOpacity={0.25}
        stroke={main}
        strokeDasharray="2 2"
      />,
    ],
    [
      points.some(one => one.value === 0),
      'zero; where nothing is drawn, there is no data',
      <Zero x={8} y={6} stroke={main} />,
    ],
    [
      points.some(one => one.p90 !== undefined),
      'p75 to p90',
      <line x1={8} x2={8} y1={1} y2={11} stroke={quiet} strokeWidth={2} />,
    ],
    [
      bands.length > 0 && points.some(one => one.days !== undefined),
      'days with a deployment, which the bands go by',
      <circle cx={8} cy={6} r={3} fill={palette.text.primary} />,
    ],
    [
      previous.some(one => one.value !== undefined),
      'period before',
      <line x1={0} x2={16} y1={6} y2={6} stroke={quiet} strokeWidth={1.5} />,
    ],
    [
      bands.length > 0,
      `bands of ${bandsOf}`,
      <rect width={16} height={12} fill={palette.text.primary} opacity={0.1} />,
    ],
  ];
  return (
    <Box
      component="ul"
      aria-label="What is drawn"
      sx={{
        ...{ display: 'flex', flexWrap: 'wrap', gap: 2, p: 0, m: 0, mt: 1 },
        ...{ listStyle: 'none', fontSize: 12, color: 'text.secondary' },
      }}
    >
      {items.map(
        ([shown, text, sign]) =>
          shown && (
            <Box
              component="li"
              key={text}
              sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}
            >
              <svg width={16} height={12} aria-hidden>
                {sign}
              </svg>
              {text}
            </Box>
          ),
      )}
    </Box>
  );
}

/** That there was none, which is told from that nothing is known. */
export function Zero(props: { x: number; y: number; stroke: string }) {
  const { x, y, stroke } = props;
  return (
    <circle cx={x} cy={y} r={3} fill="none" stroke={stroke} strokeWidth={1.5} />
  );
}
