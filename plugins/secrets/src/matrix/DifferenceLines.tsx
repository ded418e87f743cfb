import { reasonOf } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Typography from '@mui/material/Typography';
import { Differences } from './differencesAmong';

/** What is not known, or not yet, about which values differ; nothing where all of it is. */
export function DifferenceLines(props: {
  comparing: boolean;
  error: Error | undefined;
  unknown: Differences['unknown'];
}) {
  const { comparing, error, unknown } = props;
  return (
    <>
      {comparing && (
        <Typography role="status" variant="caption" color="text.secondary">
          Comparing environments
        </Typography>
      )}
      {error && (
        <Alert severity="info">
          Which values differ cannot be seen now: {reasonOf(error)}
        </Alert>
      )}
      {unknown.length > 0 && (
        <Typography variant="body2" color="text.secondary">
          Not compared, since no fingerprint of it is kept yet:{' '}
          {unknown
            .map(
              ({ key, environments }) => `${key} in ${environments.join(', ')}`,
            )
            .join('; ')}
          . “Compare…” reads its value for that.
        </Typography>
      )}
    </>
  );
}
