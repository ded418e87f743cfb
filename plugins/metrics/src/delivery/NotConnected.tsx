import { useApi } from '@backstage/core-plugin-api';
import { Failure, Snippet } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { metricsApiRef } from '../api';
import { PAGES } from '../runbooks';

const SNIPPET = `# a clone, whose tags are its deployments
platform metrics import ./my-service --service my-service --tags 'v*'
# or tables of deployments, incidents and tickets
platform metrics import deployments.csv
`;

/** Nothing tells of deployments yet, so there is nothing to count, not even zero. */
export function NotConnected({ onLoaded }: { onLoaded: () => void }) {
  const api = useApi(metricsApiRef);
  const [{ loading, error }, load] = useAsyncFn(async () => {
    await api.loadExample({});
    onLoaded();
  }, [api, onLoaded]);
  return (
    <Box sx={{ maxWidth: 720 }}>
      <Typography component="h2" variant="h5">
        No source is connected
      </Typography>
      <Typography color="text.secondary" sx={{ mb: 2 }}>
        Here you will see how often, how fast and how safely changes come to
        production. Deployments of this platform are counted by themselves. A
        history, or what other pipelines deploy, can be added:
      </Typography>
      <Snippet text={SNIPPET} />
      <Button onClick={load} disabled={loading} sx={{ mt: 2 }}>
        Show an example history
      </Button>
      {error && (
        <Failure
          what="There is no example to show"
          error={error}
          runbook={PAGES.example}
        />
      )}
    </Box>
  );
}
