import { partlyText, Scope } from '@highroad/plugin-metrics-common';
import Box from '@mui/material/Box';

/** What numbers are of, and since when that is known. */
export function ScopeLine({ scope }: { scope: Scope }) {
  const { range, previous, environments, timeZone, knownFrom } = scope;
  const { incomplete, partly } = scope;
  return (
    <Box sx={{ fontSize: 13, color: 'text.secondary' }}>
      {range.from} to {range.to}, days of {timeZone}, {environments.join(', ')};
      compared with {previous.from} to {previous.to}.{' '}
      {knownFrom &&
        `Deployments are known from ${knownFrom} on, and counted from there.`}{' '}
      {partly && partlyText(partly)}{' '}
      {incomplete && 'The last day is not over yet.'} Nothing here is counted by
      person.
    </Box>
  );
}
