import { useTheme } from '@mui/material/styles';
import { durationText } from '../words/duration';
import { Stretch } from './traffic';

const WIDTH = 640;
const HEIGHT = 140;
const LEFT = 44;
const BOTTOM = 20;
const TOP = 8;
const SHARES = [0, 50, 100];

/** Percent of the requests over time, as stairs. */
export function TrafficChart({ stretches }: { stretches: Stretch[] }) {
  const { palette } = useTheme();
  const begin = stretches[0].from;
  const length = Math.max(1, stretches[stretches.length - 1].to - begin);
  const x = (time: number) => LEFT + ((time - begin) / length) * (WIDTH - LEFT);
  const y = (weight: number) =>
    TOP + (HEIGHT - TOP - BOTTOM) * (1 - weight / 100);
  const stairs = stretches
    .map(
      ({ from, to, weight }) => `${x(from)},${y(weight)} ${x(to)},${y(weight)}`,
    )
    .join(' ');
  const floor = y(0);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={stretches
        .map(
          ({ from, to, weight }) =>
            `${weight} % for ${durationText(to - from)}`,
        )
        .join(', then ')}
      style={{ display: 'block', width: '100%', maxWidth: WIDTH, fontSize: 11 }}
    >
      {SHARES.map(share => (
        <g key={share}>
          <line
            x1={LEFT}
            x2={WIDTH}
            y1={y(share)}
            y2={y(share)}
            stroke={palette.divider}
          />
          <text
            x={LEFT - 8}
            y={y(share) + 4}
            textAnchor="end"
            fill={palette.text.secondary}
          >
            {share} %
          </text>
        </g>
      ))}
      <polygon
        points={`${LEFT},${floor} ${stairs} ${WIDTH},${floor}`}
        fill={palette.primary.main}
        fillOpacity={0.15}
      />
      <polyline
        points={stairs}
        fill="none"
        stroke={palette.primary.main}
        strokeWidth={2}
      />
      <text x={LEFT} y={HEIGHT - 4} fill={palette.text.secondary}>
        begun
      </text>
      <text
        x={WIDTH}
        y={HEIGHT - 4}
        textAnchor="end"
        fill={palette.text.secondary}
      >
        after {durationText(length)}
      </text>
    </svg>
  );
}
