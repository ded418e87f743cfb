import CloseIcon from '@mui/icons-material/Close';
import Box from '@mui/material/Box';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { ReactNode, useId } from 'react';
import { PagedList, PagedListProps } from './PagedList';

/** A list beside the page, read a page at a time. */
export function PagedDrawer<T>(
  props: PagedListProps<T> & {
    title: string;
    /** Above the list, to choose what it has */
    choice?: ReactNode;
    /** The question; where another one is asked, it is read from the beginning */
    asked: object;
    onClose: () => void;
  },
) {
  const { title, choice, asked, onClose, ...list } = props;
  const heading = useId();
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
      {/* The question is another object at each look, with the same in it. */}
      <PagedList key={JSON.stringify(asked)} {...list} />
    </Drawer>
  );
}
