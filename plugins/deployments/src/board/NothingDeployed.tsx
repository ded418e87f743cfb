import { Snippet } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';

/** There is where to deploy to, and nothing was. */
export function NothingDeployed(props: {
  /** Name of the service, where it is about one */
  service?: string;
  environment: string;
  /** The button that does it */
  action?: ReactNode;
}) {
  const { service, environment, action } = props;
  return (
    <Box sx={{ maxWidth: 720 }}>
      <Typography component="h2" variant="h5">
        {service
          ? `${service} was never deployed`
          : 'Nothing was ever deployed'}
      </Typography>
      <Typography color="text.secondary" sx={{ mb: 2 }}>
        Here you will see which version runs where, what is being deployed and
        what failed. It takes an image of the service in its registry: the tag
        of the image is the version.
      </Typography>
      <Snippet
        text={`platform deploy ${
          service ?? 'my-service'
        } --env ${environment} --version 1.0.0`}
      />
      {action && <Box sx={{ mt: 2 }}>{action}</Box>}
    </Box>
  );
}
