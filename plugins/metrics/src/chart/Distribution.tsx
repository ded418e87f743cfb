import { durationText } from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';

/** How many took how long: what a median hides. */
export function Distribution(props: {
  title: string;
  bins: Array<{ from: number; to?: number; n: number }>;
}) {
  const { title, bins } = props;
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
          {bins.map(({ from, to, n }) => (
            <tr key={from}>
              <Box
                component="th"
                scope="row"
                sx={{ fontWeight: 400, textAlign: 'left', width: 110 }}
              >
                {to === undefined
                  ? `over ${durationText(from)}`
                  : `to ${durationText(to)}`}
              </Box>
              <td aria-hidden>
                <Box
                  sx={{
                    ...{ height: 14, borderRadius: 0.5, minWidth: n ? 2 : 0 },
                    ...{
                      width: `${(n / most) * 100}%`,
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
                {n}
              </Box>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
