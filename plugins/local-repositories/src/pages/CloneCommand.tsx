import { Snippet } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';

export function CloneCommand({ url }: { url: string }) {
  return (
    <Box component="section" sx={{ mb: 3, maxWidth: 720 }}>
      <Typography variant="subtitle2" component="h2" gutterBottom>
        Clone it, on this machine
      </Typography>
      <Snippet text={`git clone ${url}`} label="Copy the command" />
    </Box>
  );
}
