import { Part } from '@highroad/plugin-deployments-common';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';
import { Heading } from '../parts/Heading';

/** One of the things that stand behind a verdict: what was found, that there is nothing, or why it is not known. */
export function PartOf<T>(props: {
  title: string;
  part: Part<T>;
  /** Where there is nothing, as a sentence */
  none: string;
  children: (items: T[]) => ReactNode;
}) {
  const { title, part, none, children } = props;
  return (
    <Box component="section" aria-label={title}>
      <Heading>{title}</Heading>
      {!part.known && (
        <Typography sx={{ fontSize: 14 }} color="text.secondary">
          Not known: {part.why} {part.connect}
        </Typography>
      )}
      {part.known && part.items.length === 0 && (
        <Typography sx={{ fontSize: 14 }} color="text.secondary">
          {none}
        </Typography>
      )}
      {part.known && part.items.length > 0 && children(part.items)}
    </Box>
  );
}
