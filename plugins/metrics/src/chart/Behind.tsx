import { BandRange, Point } from '@highroad/plugin-metrics-common';
import { useTheme } from '@mui/material/styles';
import { SIGNS } from '../parts/BandLabel';
import { partsOf } from './Sparkline';

/** What stands behind the bars of a chart, to compare them with. */
export interface Comparison {
  /** The same of the range before, its first beside the first of this one */
  previous?: Point[];
  bands?: BandRange[];
  /** Whose bands they are */
  bandsOf?: string;
}

/** Where a chart draws. */
export interface Area {
  left: number;
  right: number;
  /** The highest value that it has room for */
  top: number;
  y: (value: number) => number;
  /** The middle of a period, by its place */
  x: (at: number) => number;
}

/** Bands as quiet stripes with their names beside them. The table has them in words. */
export function Bands(props: { bands: BandRange[]; area: Area }) {
  const { bands, area } = props;
  const { palette } = useTheme();
  const { left, right, top, y } = area;
  return (
    <g aria-hidden>
      {bands
        .filter(({ from }) => from < top)
        .map(({ band, from, to = Infinity }, at) => {
          const upper = y(Math.min(to, top));
          const height = y(from) - upper;
          return (
            <g key={band} data-band={band}>
              <rect
                x={left}
                y={upper}
                width={right - left}
                height={height}
                fill={palette.text.primary}
                fillOpacity={at % 2 === 0 ? 0.06 : 0.025}
              />
              {to <= top && (
                <line
                  x1={left}
                  x2={right}
                  y1={upper}
                  y2={upper}
                  stroke={palette.text.secondary}
                  strokeOpacity={0.6}
                  strokeDasharray="2 3"
                />
              )}
              {height >= 12 && (
                <text
                  x={right + 6}
                  y={upper + height / 2 + 3}
                  fontSize={10}
                  fill={palette.text.secondary}
                >
                  {SIGNS[band]} {band}
                </text>
              )}
            </g>
          );
        })}
    </g>
  );
}

/** The range before, as a muted line with gaps where nothing is known. */
export function Before(props: { previous: Point[]; area: Area }) {
  const { previous, area } = props;
  const { palette } = useTheme();
  const parts = partsOf(
    previous.map(one => one.value),
    (value, at) => [area.x(at), area.y(value)],
  );
  return (
    <g aria-hidden data-before={parts.length}>
      {parts.map(part => (
        <g key={part[0][0]}>
          {/* With an edge, so that it is seen before bars too. */}
          {[
            { stroke: palette.background.paper, strokeWidth: 4 },
            { stroke: palette.text.secondary, strokeWidth: 1.5 },
          ].map(line => (
            <polyline
              key={line.strokeWidth}
              points={part
                .map(place => place.map(one => one.toFixed(1)).join())
                .join(' ')}
              fill="none"
              {...line}
            />
          ))}
          {part.length === 1 && (
            <circle
              cx={part[0][0]}
              cy={part[0][1]}
              r={2}
              fill={palette.text.secondary}
            />
          )}
        </g>
      ))}
    </g>
  );
}
