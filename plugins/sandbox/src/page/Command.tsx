import { CopyTextButton } from '@backstage/core-components';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';

/** Something to type into a terminal, or to copy. */
export function Command(props: { label: string; command: string }) {
  const { label, command } = props;
  return (
    <Box sx={{ display: 'grid', mb: 1 }}>
      <Typography variant="body2" color="text.secondary">
        {label}
      </Typography>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
        <Box component="code" sx={{ fontSize: 13, overflowWrap: 'anywhere' }}>
          {command}
        </Box>
        <CopyTextButton
          text={command}
          tooltipText="Copied"
          aria-label={`Copy: ${label}`}
        />
      </Box>
    </Box>
  );
}
