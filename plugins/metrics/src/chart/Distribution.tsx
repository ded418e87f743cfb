import { durationText } from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';

/** How many took so many seconds or more, and less than so many. */
export interface Length {
  from: number;
  to?: number;
  n: number;
}

/** How many took how long: what a median hides. Each that is any leads to what is behind it. */
export function Distribution(props: {
  title: string;
  bins: Length[];
  onSelect?: (length: Length) => void;
}) {
  const { title, bins, onSelect } = props;
  const most = Math.max(1, ...bins.map(one => one.n));
  return (
    <Box component="section" aria-label={title}>
      <Typography component="h3" sx={{ fontSize: 14, fontWeight: 600, mb: 1 }}>
        {title}
      </Typography>
      <Box
        component="table"
        sx={{ width: '100%', fontSize: 13, borderSpacing: '0 4px' }}
      >
        <tbody>
          {bins.map(bin => (
            <tr key={bin.from}>
              <Box
                component="th"
                scope="row"
                sx={{ fontWeight: 400, textAlign: 'left', width: 110 }}
              >
                {lengthText(bin)}
              </Box>
              <td aria-hidden>
                <Box
                  sx={{
                    ...{ height: 14, borderRadius: 0.5 },
                    minWidth: bin.n ? 2 : 0,
                    ...{
                      width: `${(bin.n / most) * 100}%`,
                      bgcolor: 'primary.main',
                    },
                  }}
                />
              </td>
              <Box
                component="td"
                sx={{
                  ...{ width: 56, textAlign: 'right' },
                  fontVariantNumeric: 'tabular-nums',
                }}
              >
                {onSelect && bin.n > 0 ? (
                  <Button
                    size="small"
                    aria-label={`${bin.n}, ${lengthText(bin)}`}
                    onClick={() => onSelect(bin)}
                    sx={{ minWidth: 0, py: 0 }}
                  >
                    {bin.n}
                  </Button>
                ) : (
                  bin.n
                )}
              </Box>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}

function lengthText({ from, to }: Length): string {
  return to === undefined
    ? `over ${durationText(from)}`
    : `to ${durationText(to)}`;
}
