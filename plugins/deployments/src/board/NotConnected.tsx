import { Snippet } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';

const SNIPPET = `platform:
  clusters:
    - name: main
      kubeconfig: /etc/highroad/kubeconfig
  environments:
    - name: staging
      cluster: main
    - name: production
      cluster: main
      production: true
      approval: true
`;

/** Nothing can be deployed before somebody says where to. */
export function NotConnected() {
  return (
    <Box sx={{ maxWidth: 720 }}>
      <Typography component="h2" variant="h5">
        No environment is configured
      </Typography>
      <Typography color="text.secondary" sx={{ mb: 2 }}>
        Here you will see which version of each service runs where. Whoever runs
        this portal names the clusters and the environments on them in
        app-config.yaml, and restarts it; or starts it with a sandbox, which
        brings its own.
      </Typography>
      <Snippet text={SNIPPET} />
    </Box>
  );
}
