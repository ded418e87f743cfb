import { Deployment, hasEnded } from '@highroad/plugin-deployments-common';
import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { Heading } from '../parts/Heading';
import { useNow } from '../parts/useNow';
import { durationText } from '../words/duration';
import { shortVersion } from '../words/short';

/** How many pods are ready, and what share of the requests they get. */
export function ProgressOf({ deployment }: { deployment: Deployment }) {
  const { progress, state } = deployment;
  const now = useNow(Boolean(progress?.pausedUntil));
  const version = shortVersion(deployment.version);
  // What is ready after the end are other pods.
  if (!progress || hasEnded(state)) return null;
  const { wanted, ready, updated, weight, step, steps } = progress;
  const { paused, pausedUntil } = progress;
  const share = wanted === 0 ? 100 : Math.min(100, (ready / wanted) * 100);
  return (
    <Box component="section" aria-label="Progress">
      <Heading>Progress</Heading>
      <Bar
        label="Pods ready"
        value={share}
        text={`${ready} of ${wanted} pods ready with ${version}, ${updated} started`}
        shown={`${ready} of ${wanted} pods ready, ${updated} started`}
      />
      {weight !== undefined && (
        <Bar
          label="Traffic to the new version"
          value={weight}
          text={`${weight} % of the requests go to the new version`}
          shown={[
            `${weight} % of the requests go to the new version`,
            step !== undefined && steps && `step ${step} of ${steps}`,
            paused && pausedText(pausedUntil, now),
          ]
            .filter(Boolean)
            .join(', ')}
        />
      )}
      {weight === undefined && paused && (
        <Typography sx={{ fontSize: 13 }}>
          It is {pausedText(pausedUntil, now)}
        </Typography>
      )}
    </Box>
  );
}

/** "paused for another 2 min 5 s", as far as it is known how long. */
function pausedText(until: string | undefined, now: number): string {
  const left = until ? Date.parse(until) - now : 0;
  return left > 0
    ? `paused for another ${durationText(
        left,
      )}, unless somebody goes on with it`
    : 'paused';
}

function Bar(props: {
  label: string;
  /** Percent */
  value: number;
  /** For those who do not see it */
  text: string;
  shown: string;
}) {
  const { label, value, text, shown } = props;
  return (
    <Box sx={{ mb: 1.5, maxWidth: 560 }}>
      <Typography
        sx={{ fontSize: 13, mb: 0.5, fontVariantNumeric: 'tabular-nums' }}
      >
        {shown}
      </Typography>
      <LinearProgress
        variant="determinate"
        value={value}
        aria-label={label}
        aria-valuetext={text}
        sx={{ height: 8, borderRadius: 1 }}
      />
    </Box>
  );
}
