import Typography from '@mui/material/Typography';

/** Of a section of a page. */
export function Heading({ children }: { children: string }) {
  return (
    <Typography component="h2" sx={{ fontSize: 16, fontWeight: 600, mb: 1 }}>
      {children}
    </Typography>
  );
}
