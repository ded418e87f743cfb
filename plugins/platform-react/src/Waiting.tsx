import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';

/** Rows where rows will be, with a name for those who don't see them. */
export function Waiting(props: {
  /** What is on its way */
  label: string;
  /** How many rows of the real thing to keep room for */
  rows: number;
}) {
  return (
    <Box role="status" aria-label={props.label} sx={{ px: 2, py: 1 }}>
      {Array.from({ length: props.rows }, (_, row) => (
        <Skeleton key={row} variant="rounded" height={24} sx={{ my: 1.25 }} />
      ))}
    </Box>
  );
}
