import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { ReactNode, useRef, useState } from 'react';
import { PAGES } from '../runbooks';
import { useRefreshed } from '../useRefreshed';

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

interface Read<T> {
  items: T[];
  next?: string;
  /** How many */
  pages: number;
}

/** The answer to one question as it is now, read a page at a time. Another question is another list, so give it another key. */
export function PagedList<T>(props: PagedListProps<T>) {
  const { what, nothing, read, draw, runbook = PAGES.numbers } = props;
  const [pages, setPages] = useState(1);
  const known = useRef<Read<T>>();
  const { value, loading, error, retry } = useRefreshed(
    { about: what, asked: String(pages) },
    async () => {
      const { current } = known;
      // One more page goes on where the last one ended; what may have changed is read from the beginning.
      let found: Read<T> =
        current && current.pages < pages ? current : { items: [], pages: 0 };
      while (found.pages < pages && (found.pages === 0 || found.next)) {
        const page = await read(found.next);
        found = {
          items: [...found.items, ...page.items],
          ...{ next: page.next, pages: found.pages + 1 },
        };
      }
      known.current = { ...found, pages };
      return known.current;
    },
  );
  const items = value?.items ?? [];
  return (
    <>
      {error && (
        <Failure
          what={`The ${what} could not be read`}
          error={error}
          runbook={runbook}
          onRetry={retry}
        />
      )}
      {loading && items.length === 0 && (
        <Waiting label={`Reading the ${what}`} rows={6} />
      )}
      {value && items.length === 0 && (
        <Typography color="text.secondary">{nothing}</Typography>
      )}
      <Box component="ol" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {items.map(draw)}
      </Box>
      {value?.next && (
        <Button
          onClick={() => setPages(value.pages + 1)}
          disabled={loading && value.pages < pages}
        >
          Show more
        </Button>
      )}
    </>
  );
}
