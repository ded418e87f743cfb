import Skeleton from '@mui/material/Skeleton';
import Stack from '@mui/material/Stack';

/** Rows where rows will be, named for those who don't see them. */
export function Waiting(props: { label: string; rows: number }) {
  return (
    <Stack spacing={1} role="status" aria-label={props.label}>
      <Skeleton variant="text" width="40%" height={32} />
      {Array.from({ length: props.rows }, (_, i) => (
        <Skeleton key={i} variant="rounded" height={28} />
      ))}
    </Stack>
  );
}
