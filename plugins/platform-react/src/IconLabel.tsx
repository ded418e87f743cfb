import Box from '@mui/material/Box';
import { ReactNode } from 'react';

/** A state in a picture and a word; the colour of the picture only helps. */
export function IconLabel(props: { icon: ReactNode; children: ReactNode }) {
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        gap: 0.5,
        alignItems: 'center',
        whiteSpace: 'nowrap',
        '& svg': { fontSize: 18 },
      }}
    >
      {props.icon}
      {props.children}
    </Box>
  );
}
