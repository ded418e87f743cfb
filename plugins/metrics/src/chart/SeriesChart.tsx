import { Point, Unit, valueText } from '@highroad/plugin-metrics-common';
import { useTheme } from '@mui/material/styles';
import { KeyboardEvent } from 'react';
import { Area, Bands, Before, Comparison } from './Behind';
import { Zero } from './Legend';
import { periodText } from './periodText';
import { ticksOf, tickText } from './scale';
import { Stop, useOneStop } from './useOneStop';

const WIDTH = 1080;
const HEIGHT = 260;
const LEFT = 64;
/** Room for the names of bands, which would be unreadable before bars. */
const BANDS = 60;
const BOTTOM = 28;
const TOP = 8;
const MOST_LABELS = 8;

/**
 * A bar for each period, from zero, before what it is compared with. Zero is a ring on the line; where nothing is known there is nothing.
 * What is not whole is drawn dashed; a thin line shows from p75 to p90. Each bar is a button that leads to what is behind it; arrow keys go
 * from one to the next.
 */
export function SeriesChart(props: {
  title: string;
  unit: Unit;
  points: Point[];
  behind?: Comparison;
  onSelect: (point: Point) => void;
}) {
  const { title, unit, points, behind = {}, onSelect } = props;
  const { bands = [], previous = [] } = behind;
  const { palette } = useTheme();
  const compared = previous.slice(0, points.length);
  const highest = Math.max(
    0,
    ...points.map(one => one.p90 ?? one.value ?? 0),
    ...compared.map(one => one.value ?? 0),
  );
  const ticks = ticksOf(highest, unit);
  const top = ticks[ticks.length - 1];
  const y = (value: number) =>
    TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const right = bands.length > 0 ? WIDTH - BANDS : WIDTH;
  const step = (right - LEFT) / Math.max(1, points.length);
  const bar = Math.min(40, step * 0.7);
  const x = (at: number) => LEFT + (at + 0.5) * step;
  const every = Math.ceil(points.length / MOST_LABELS);
  const area: Area = { left: LEFT, right, top, y, x };
  const { onKeyDown, stopAt } = useOneStop<SVGGElement>(
    points.flatMap((point, at) => (isButton(point) ? [at] : [])),
  );
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width="100%"
      role="group"
      aria-label={title}
      style={{ display: 'block', fontSize: 11, overflow: 'visible' }}
    >
      <Bands {...{ bands, area }} />
      {ticks.map(tick => (
        <g key={tick} aria-hidden>
          <line
            x1={LEFT}
            x2={right}
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
      <g role="toolbar" aria-label={`${title} Periods`} onKeyDown={onKeyDown}>
        {points.map((point, at) => (
          <g key={point.from}>
            {at % every === 0 && (
              <text
                aria-hidden
                x={x(at)}
                y={HEIGHT - 8}
                textAnchor="middle"
                fill={palette.text.secondary}
              >
                {periodText(point)}
              </text>
            )}
            <Bar
              {...{ point, area, bar, step, onSelect }}
              at={x(at)}
              stop={stopAt(at)}
              words={wordsOf(point, unit, compared[at])}
              withDays={bands.length > 0}
            />
          </g>
        ))}
      </g>
      <Before previous={compared} area={area} />
    </svg>
  );
}

function Bar(props: {
  point: Point;
  area: Area;
  /** Where its middle is, and how wide it and its place are */
  at: number;
  bar: number;
  step: number;
  /** How it is stopped at with the keyboard */
  stop: Stop<SVGGElement>;
  words: string;
  withDays: boolean;
  onSelect: (point: Point) => void;
}) {
  const { point, area, at, bar, step, stop, words } = props;
  const { withDays, onSelect } = props;
  const { palette } = useTheme();
  const { value, p75, p90, complete, days } = point;
  const { y, top } = area;
  const main = palette.primary.main;
  if (value === undefined) return null;
  const drawn = (
    <>
      <title>{words}</title>
      <rect
        x={at - step / 2}
        y={y(top)}
        width={step}
        height={y(0) - y(top)}
        fill="transparent"
      />
      {value === 0 ? (
        <Zero x={at} y={y(0)} stroke={main} />
      ) : (
        <rect
          x={at - bar / 2}
          y={Math.min(y(value), y(0) - 2)}
          width={bar}
          height={Math.max(2, y(0) - y(value))}
          rx={2}
          fill={main}
          fillOpacity={complete ? 0.9 : 0.25}
          stroke={main}
          strokeDasharray={complete ? undefined : '4 3'}
        />
      )}
      {p75 !== undefined && p90 !== undefined && (
        <line
          x1={at}
          x2={at}
          y1={y(p75)}
          y2={y(p90)}
          stroke={palette.text.secondary}
          strokeWidth={2}
        />
      )}
      {withDays && days !== undefined && value > 0 && (
        <circle
          cx={at}
          cy={y(days)}
          r={3}
          fill={palette.text.primary}
          stroke={palette.background.paper}
        />
      )}
    </>
  );
  if (!isButton(point)) {
    return (
      <g role="img" aria-label={words}>
        {drawn}
      </g>
    );
  }
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onSelect(point);
  };
  return (
    <g
      {...stop}
      role="button"
      aria-label={words}
      style={{ cursor: 'pointer' }}
      onClick={() => onSelect(point)}
      onKeyDown={press}
    >
      {drawn}
    </g>
  );
}

/** Behind others there is nothing to be shown. */
function isButton({ value, n }: Point): boolean {
  return value !== undefined && n > 0;
}

/**
 * All that is known of a period, in words.
 *
 * @param before - the same of the range before
 */
export function wordsOf(point: Point, unit: Unit, before?: Point): string {
  const { value, p75, p90, n, complete, days, unknown } = point;
  const nothing = unknown ? 'no data' : 'nothing';
  const parts = [
    value === undefined ? nothing : valueText(value, unit),
    p75 !== undefined && `p75 ${valueText(p75, unit)}`,
    p90 !== undefined && `p90 ${valueText(p90, unit)}`,
    unit !== 'deployments' && unit !== 'count' && `of ${n}`,
    days !== undefined &&
      days > 0 &&
      `on ${days} ${days === 1 ? 'day' : 'days'}`,
    !complete && 'not whole',
    before?.value !== undefined &&
      `before ${valueText(before.value, unit)} (${periodText(before)})`,
  ].filter(Boolean);
  return `${periodText(point)}: ${parts.join(', ')}`;
}
