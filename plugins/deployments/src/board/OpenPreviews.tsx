import { Link } from '@backstage/core-components';
import { Environment } from '@highroad/plugin-environments-common';
import { Failure } from '@highroad/plugin-platform-react';
import Typography from '@mui/material/Typography';
import { RUNBOOK } from '../runbooks';
import { previewsText } from './previews';

/** How many environments on demand there are beside those that stay, and the way to them; nothing where there is none. */
export function OpenPreviews(props: {
  previews: Environment[] | undefined;
  error: Error | undefined;
  onRetry: () => void;
}) {
  const { previews, error, onRetry } = props;
  if (!previews) {
    return error ? (
      <Failure
        what="The previews could not be read"
        error={error}
        unaffected="What runs in the environments that stay is shown all the same."
        runbook={RUNBOOK.doesNotAnswer}
        onRetry={onRetry}
      />
    ) : null;
  }
  if (previews.length === 0) return null;
  return (
    <Typography sx={{ fontSize: 14, mb: 2 }}>
      Beside these: <Link to="/environments">{previewsText(previews)}</Link>
    </Typography>
  );
}
