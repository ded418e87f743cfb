import { useTheme } from '@mui/material/styles';

const WIDTH = 96;
const HEIGHT = 24;

/** A value; none where nothing is known, which is drawn as a gap. */
type Value = number | null | undefined;

/** A small line from zero, for a glance; nothing where there is nothing to draw. What it says stands beside it or in its label. */
export function Sparkline(props: {
  label: string;
  values: Value[];
  /** A value as people read it */
  text?: (value: number) => string;
}) {
  const { label, values, text = String } = props;
  const { palette } = useTheme();
  const known = values.flatMap(one => one ?? []);
  if (known.length === 0) return null;
  const most = Math.max(...known) || 1;
  const place = (value: number, at: number): Place => [
    (at / Math.max(1, values.length - 1)) * (WIDTH - 4) + 2,
    HEIGHT - 2 - (value / most) * (HEIGHT - 4),
  ];
  const words = values.map(one => (isNone(one) ? 'no data' : text(one)));
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${label}: ${words.join(', ')}`}
    >
      {partsOf(values, place).map(part =>
        part.length === 1 ? (
          <circle
            key={part[0][0]}
            cx={part[0][0]}
            cy={part[0][1]}
            r={1.5}
            fill={palette.primary.main}
          />
        ) : (
          <polyline
            key={part[0][0]}
            points={part
              .map(at => at.map(one => one.toFixed(1)).join())
              .join(' ')}
            fill="none"
            stroke={palette.primary.main}
            strokeWidth={1.5}
          />
        ),
      )}
    </svg>
  );
}

type Place = [x: number, y: number];

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
