import { Snippet } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';

/** There is where to make one, and none was made. */
export function NoneYet({ service }: { service?: string }) {
  return (
    <Box sx={{ maxWidth: 720 }}>
      <Typography component="h2" variant="h5">
        {service
          ? `${service} is in no preview environment`
          : 'There is no preview environment'}
      </Typography>
      <Typography color="text.secondary" sx={{ mb: 2 }}>
        Here you will see where previews answer, whose they are and how long
        they live. Open a pull request in a repository that carries
        platform/environments/preview.yaml, and it gets one; or make one by
        hand.
      </Typography>
      <Snippet text="platform env create -f platform/environments/preview.yaml" />
    </Box>
  );
}
