import { useTheme } from '@mui/material/styles';

const WIDTH = 96;
const HEIGHT = 24;

/** A small line from zero, for a glance; nothing where there is nothing to draw. What it says stands beside it or in its label. */
export function Sparkline(props: { label: string; values: number[] }) {
  const { label, values } = props;
  const { palette } = useTheme();
  if (values.length === 0) return null;
  const most = Math.max(...values) || 1;
  const points = values.map((value, at) => {
    const x = (at / Math.max(1, values.length - 1)) * (WIDTH - 4) + 2;
    const y = HEIGHT - 2 - (value / most) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${label}: ${values.join(', ')}`}
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke={palette.primary.main}
        strokeWidth={1.5}
      />
    </svg>
  );
}
