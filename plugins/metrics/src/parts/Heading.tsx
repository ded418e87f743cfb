import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';

/** Of a section of the page. */
export function Heading({ children }: { children: ReactNode }) {
  return (
    <Typography component="h2" sx={{ fontSize: 16, fontWeight: 600, mb: 1 }}>
      {children}
    </Typography>
  );
}
