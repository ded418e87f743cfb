import { useTheme } from '@mui/material/styles';

const WIDTH = 96;
const HEIGHT = 24;

/** A value; none where nothing is known, which is drawn as a gap. */
type Value = number | null | undefined;

/**
 * A small line from zero, for a glance; nothing where there is nothing to draw. What it says stands beside it or in its
 * label. Where time is not over, it is faint and dashed: a week of two days is no fall.
 */
export function Sparkline(props: {
  label: string;
  values: Value[];
  /** Whether the time of a value is in the range only in part, or not over; none is if left out */
  isPartial?: (at: number) => boolean;
  /** A value as people read it */
  text?: (value: number) => string;
}) {
  const { label, values, isPartial = () => false, text = String } = props;
  const { palette } = useTheme();
  const known = values.flatMap(one => one ?? []);
  if (known.length === 0) return null;
  const most = Math.max(...known) || 1;
  const place = (value: number, at: number): Place => [
    (at / Math.max(1, values.length - 1)) * (WIDTH - 4) + 2,
    HEIGHT - 2 - (value / most) * (HEIGHT - 4),
  ];
  const words = values.map((one, at) =>
    [isNone(one) ? 'no data' : text(one), isPartial(at) && '(not whole)']
      .filter(Boolean)
      .join(' '),
  );
  const main = palette.primary.main;
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${label}: ${words.join(', ')}`}
    >
      {partsOf(values, place)
        .filter(part => part.length === 1)
        .map(([[x, y]]) => (
          <circle key={x} cx={x} cy={y} r={1.5} fill={main} />
        ))}
      {linesOf(values, isPartial).map(({ from, to, partial }) => (
        <polyline
          key={from}
          points={values
            .slice(from, to + 1)
            .map((value, at) => place(value ?? 0, from + at))
            .map(at => at.map(one => one.toFixed(1)).join())
            .join(' ')}
          fill="none"
          stroke={main}
          strokeWidth={1.5}
          {...(partial && { strokeDasharray: '2 2', strokeOpacity: 0.6 })}
        />
      ))}
    </svg>
  );
}

type Place = [x: number, y: number];

/** Lines between values that follow each other, first and last of each; those to what is partial by themselves. */
function linesOf(values: Value[], isPartial: (at: number) => boolean) {
  const lines: Array<{ from: number; to: number; partial: boolean }> = [];
  for (let at = 1; at < values.length; at += 1) {
    if (isNone(values[at - 1]) || isNone(values[at])) continue;
    const partial = isPartial(at - 1) || isPartial(at);
    const last = lines.at(-1);
    if (last?.to === at - 1 && last.partial === partial) last.to = at;
    else lines.push({ from: at - 1, to: at, partial });
  }
  return lines;
}

/** Values that follow each other without a gap, each part by itself. */
export function partsOf(
  values: Value[],
  place: (value: number, at: number) => Place,
): Place[][] {
  const parts: Place[][] = [];
  let open = false;
  values.forEach((value, at) => {
    if (isNone(value)) {
      open = false;
      return;
    }
    if (!open) parts.push([]);
    open = true;
    parts[parts.length - 1].push(place(value, at));
  });
  return parts;
}

function isNone(value: Value): value is null | undefined {
  return value === null || value === undefined;
}
