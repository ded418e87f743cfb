import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { ReactNode, useId } from 'react';

/** A titled part of the home page. */
export function Section(props: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <Paper
      component="section"
      variant="outlined"
      aria-labelledby={id}
      sx={{ borderRadius: 2, overflow: 'hidden' }}
    >
      <Typography
        id={id}
        component="h2"
        sx={{ fontSize: 15, fontWeight: 650, px: 2, pt: 1.75, pb: 1, m: 0 }}
      >
        {props.title}
      </Typography>
      {props.children}
    </Paper>
  );
}
