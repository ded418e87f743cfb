import { Link } from '@backstage/core-components';
import { Snippet } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { RUNBOOK } from '../runbooks';

const SNIPPET = `platform:
  clusters:
    - name: main
      kubeconfig: /etc/highroad/kubeconfig
  previews:
    cluster: main
    url: https://{service}-{environment}.previews.example.com
`;

/** There can be none before somebody says where. */
export function NotConnected({ why }: { why: string }) {
  return (
    <Box sx={{ maxWidth: 720 }}>
      <Typography component="h2" variant="h5">
        There can be no preview environments yet
      </Typography>
      <Typography color="text.secondary" sx={{ mb: 2 }}>
        {why} Here you will see where previews answer and how long they live.
        Whoever runs this portal names the cluster in app-config.yaml and
        restarts it; or starts it with a sandbox, which brings its own.{' '}
        <Link to={RUNBOOK.notConnected} underline="always">
          What to do about it
        </Link>
      </Typography>
      <Snippet text={SNIPPET} />
    </Box>
  );
}
