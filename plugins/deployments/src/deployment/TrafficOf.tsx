import { DeploymentDetail } from '@highroad/plugin-deployments-common';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Heading } from '../parts/Heading';
import { useNow } from '../parts/useNow';
import { durationText } from '../words/duration';
import { TrafficChart } from './TrafficChart';
import { stretchesOf } from './traffic';

/** Which share of the requests went to the new version, and for how long each. Nothing where none was shifted. */
export function TrafficOf({ deployment }: { deployment: DeploymentDetail }) {
  const { traffic = [], endedAt } = deployment;
  const now = useNow(traffic.length > 0 && !endedAt);
  if (traffic.length === 0) return null;
  const stretches = stretchesOf(traffic, endedAt ? Date.parse(endedAt) : now);
  return (
    <Box component="section" aria-label="Traffic">
      <Heading>Traffic to the new version</Heading>
      <TrafficChart stretches={stretches} />
      <Box component="details" sx={{ fontSize: 13, mt: 1 }}>
        <Typography
          component="summary"
          sx={{ fontSize: 13, cursor: 'pointer' }}
        >
          As a list
        </Typography>
        <Box component="ol" sx={{ m: 0, pl: 2.5 }}>
          {stretches.map(({ from, to, weight }) => (
            <Box component="li" key={from}>
              {weight} % for {durationText(to - from)}
            </Box>
          ))}
        </Box>
      </Box>
    </Box>
  );
}
