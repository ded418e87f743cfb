import { Snippet } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';

/** Something to type into a terminal, or to copy. */
export function Command(props: { label: string; command: string }) {
  const { label, command } = props;
  return (
    <Box sx={{ display: 'grid', mb: 1, maxWidth: 720 }}>
      <Typography variant="body2" color="text.secondary">
        {label}
      </Typography>
      <Snippet text={command} label={`Copy: ${label}`} />
    </Box>
  );
}
