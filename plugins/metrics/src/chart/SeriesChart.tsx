import { Point, Unit, valueText } from '@highroad/plugin-metrics-common';
import { useTheme } from '@mui/material/styles';
import { KeyboardEvent } from 'react';
import { periodText } from './periodText';
import { ticksOf, tickText } from './scale';

const WIDTH = 1080;
const HEIGHT = 260;
const LEFT = 64;
const BOTTOM = 28;
const TOP = 8;
const MOST_LABELS = 8;

/**
 * A bar for each period, from zero. Where there was nothing to take a value from there is no bar; what is not whole is drawn
 * dashed; a thin line shows from p75 to p90. Each bar is a button that leads to what is behind it.
 */
export function SeriesChart(props: {
  title: string;
  unit: Unit;
  points: Point[];
  onSelect: (point: Point) => void;
}) {
  const { title, unit, points, onSelect } = props;
  const { palette } = useTheme();
  const highest = Math.max(0, ...points.map(one => one.p90 ?? one.value ?? 0));
  const ticks = ticksOf(highest, unit);
  const top = ticks[ticks.length - 1];
  const y = (value: number) =>
    TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const step = (WIDTH - LEFT) / Math.max(1, points.length);
  const bar = Math.min(40, step * 0.7);
  const every = Math.ceil(points.length / MOST_LABELS);
  const press = (point: Point) => (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onSelect(point);
  };
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      role="group"
      aria-label={title}
      style={{ display: 'block', fontSize: 11, overflow: 'visible' }}
    >
      {ticks.map(tick => (
        <g key={tick} aria-hidden>
          <line
            x1={LEFT}
            x2={WIDTH}
            y1={y(tick)}
            y2={y(tick)}
            stroke={palette.divider}
          />
          <text
            x={LEFT - 8}
            y={y(tick) + 4}
            textAnchor="end"
            fill={palette.text.secondary}
          >
            {tickText(tick, unit)}
          </text>
        </g>
      ))}
      {points.map((point, at) => {
        const x = LEFT + at * step + (step - bar) / 2;
        const { value, p75, p90, n, complete } = point;
        const words = wordsOf(point, unit);
        return (
          <g key={point.from}>
            {at % every === 0 && (
              <text
                aria-hidden
                x={x + bar / 2}
                y={HEIGHT - 8}
                textAnchor="middle"
                fill={palette.text.secondary}
              >
                {periodText(point)}
              </text>
            )}
            {value !== undefined && n > 0 && (
              <g
                role="button"
                tabIndex={0}
                aria-label={words}
                style={{ cursor: 'pointer' }}
                onClick={() => onSelect(point)}
                onKeyDown={press(point)}
              >
                <title>{words}</title>
                <rect
                  x={x - (step - bar) / 2}
                  y={TOP}
                  width={step}
                  height={HEIGHT - TOP - BOTTOM}
                  fill="transparent"
                />
                <rect
                  x={x}
                  y={Math.min(y(value), y(0) - 2)}
                  width={bar}
                  height={Math.max(2, y(0) - y(value))}
                  rx={2}
                  fill={palette.primary.main}
                  fillOpacity={complete ? 0.9 : 0.25}
                  stroke={palette.primary.main}
                  strokeDasharray={complete ? undefined : '4 3'}
                />
                {p75 !== undefined && p90 !== undefined && (
                  <line
                    x1={x + bar / 2}
                    x2={x + bar / 2}
                    y1={y(p75)}
                    y2={y(p90)}
                    stroke={palette.text.secondary}
                    strokeWidth={2}
                  />
                )}
              </g>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** All that is known of a period, in words. */
export function wordsOf(point: Point, unit: Unit): string {
  const { value, p75, p90, n, complete } = point;
  const parts = [
    value === undefined ? 'nothing' : valueText(value, unit),
    p75 !== undefined && `p75 ${valueText(p75, unit)}`,
    p90 !== undefined && `p90 ${valueText(p90, unit)}`,
    unit !== 'deployments' && unit !== 'count' && `of ${n}`,
    !complete && 'not whole',
  ].filter(Boolean);
  return `${periodText(point)}: ${parts.join(', ')}`;
}
