import { BandName } from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';

/** A sign of each band, better ones upwards. */
export const SIGNS: Record<BandName, string> = {
  elite: '▲',
  high: '△',
  medium: '▽',
  low: '▼',
};

/** A band by a sign and a word, never by a colour alone. */
export function BandLabel(props: { band: BandName; bands: string }) {
  const { band, bands } = props;
  return (
    <Box
      component="span"
      title={`By ${bands}`}
      sx={{
        ...{ border: 1, borderColor: 'divider', borderRadius: 1, px: 0.75 },
        ...{ fontSize: 12, lineHeight: '20px', whiteSpace: 'nowrap' },
      }}
    >
      <span aria-hidden>{SIGNS[band]}</span> {band}
    </Box>
  );
}
