import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { ReactNode, useEffect, useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { PAGES } from '../runbooks';

export interface PagedListProps<T> {
  /** What it lists, such as "deployments" */
  what: string;
  /** Said where there is none */
  nothing: string;
  /** @param before - "next" of the page before; none for the first */
  read: (before?: string) => Promise<{ items: T[]; next?: string }>;
  draw: (item: T) => ReactNode;
  /** What helps where it cannot be read; that of numbers if left out */
  runbook?: string;
}

/** The answer to one question, read a page at a time. Another question is another list, so give it another key. */
export function PagedList<T>(props: PagedListProps<T>) {
  const { what, nothing, read, draw, runbook = PAGES.numbers } = props;
  const [items, setItems] = useState<T[]>([]);
  const [{ loading, error, value: page }, load] = useAsyncFn(
    async (before?: string) => {
      const found = await read(before);
      setItems(known => (before ? [...known, ...found.items] : found.items));
      return found;
    },
    [],
  );
  useEffect(() => {
    load();
  }, [load]);
  return (
    <>
      {error && (
        <Failure
          what={`The ${what} could not be read`}
          error={error}
          runbook={runbook}
          onRetry={() => load()}
        />
      )}
      {loading && items.length === 0 && (
        <Waiting label={`Reading the ${what}`} rows={6} />
      )}
      {page && items.length === 0 && (
        <Typography color="text.secondary">{nothing}</Typography>
      )}
      <Box component="ol" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {items.map(draw)}
      </Box>
      {page?.next && (
        <Button onClick={() => load(page.next)} disabled={loading}>
          Show more
        </Button>
      )}
    </>
  );
}
