import { Failure, Waiting } from '@highroad/plugin-platform-react';
import CloseIcon from '@mui/icons-material/Close';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { ReactNode, useEffect, useId, useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';

/** A list beside the page, read a page at a time. */
export function PagedDrawer<T>(props: {
  title: string;
  /** What it lists, such as "deployments" */
  what: string;
  /** Said where there is none */
  nothing: string;
  /** Above the list, to choose what it has */
  choice?: ReactNode;
  /** The question; where another one is asked, it is read from the beginning */
  asked: object;
  /** @param before - "next" of the page before; none for the first */
  read: (before?: string) => Promise<{ items: T[]; next?: string }>;
  draw: (item: T) => ReactNode;
  onClose: () => void;
}) {
  const { title, what, nothing, choice, asked, read, draw, onClose } = props;
  const heading = useId();
  const [items, setItems] = useState<T[]>([]);
  const [{ loading, error, value: page }, load] = useAsyncFn(
    async (before?: string) => {
      const found = await read(before);
      setItems(known => (before ? [...known, ...found.items] : found.items));
      return found;
    },
    // The question is another object at each look, with the same in it.
    [JSON.stringify(asked)],
  );
  useEffect(() => {
    load();
  }, [load]);
  return (
    <Drawer
      anchor="right"
      open
      onClose={onClose}
      PaperProps={{
        ...{ role: 'dialog', 'aria-labelledby': heading },
        sx: { width: { xs: '100%', md: 560 }, p: 2 },
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', mb: 1 }}>
        <Typography
          id={heading}
          component="h2"
          sx={{ fontSize: 18, fontWeight: 600, flexGrow: 1 }}
        >
          {title}
        </Typography>
        <IconButton aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </IconButton>
      </Box>
      {choice}
      {error && (
        <Failure
          what={`The ${what} could not be read`}
          error={error}
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
    </Drawer>
  );
}
