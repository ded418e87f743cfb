import { CopyTextButton } from '@backstage/core-components';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';

export function CloneCommand({ url }: { url: string }) {
  const command = `git clone ${url}`;
  return (
    <Box component="section" sx={{ mb: 3 }}>
      <Typography variant="subtitle2" component="h2">
        Clone it, on this machine
      </Typography>
      <Box sx={{ display: 'flex', alignItems: 'flex-start' }}>
        <Box
          component="code"
          sx={{ fontSize: 13, overflowWrap: 'anywhere', py: 1 }}
        >
          {command}
        </Box>
        <CopyTextButton
          text={command}
          tooltipText="Copied"
          aria-label="Copy the command"
        />
      </Box>
    </Box>
  );
}
