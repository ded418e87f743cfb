import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';

/** A part of a page with its heading. */
export function Section(props: { title: string; children: ReactNode }) {
  const { title, children } = props;
  return (
    <Box component="section" aria-label={title}>
      <Typography component="h2" sx={{ fontSize: 16, fontWeight: 600, mb: 1 }}>
        {title}
      </Typography>
      {children}
    </Box>
  );
}
