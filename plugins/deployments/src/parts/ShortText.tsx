import DoneIcon from '@mui/icons-material/CheckOutlined';
import CopyIcon from '@mui/icons-material/ContentCopyOutlined';
import Box from '@mui/material/Box';
import IconButton from '@mui/material/IconButton';
import { ReactNode, useEffect, useState } from 'react';
import useCopyToClipboard from 'react-use/esm/useCopyToClipboard';

const SHOWN_MS = 2_000;

/** Something long in short: the whole on hover, and by a button to the clipboard. */
export function ShortText(props: {
  /** What is copied */
  whole: string;
  /** What it is, for the button's name: "version 1.4.2 of cart" */
  name: string;
  /** What is seen of it */
  children: ReactNode;
}) {
  const { whole, name, children } = props;
  const [, copy] = useCopyToClipboard();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'center',
        gap: 0.25,
        maxWidth: '100%',
        // Seen where one is, so that a table stays quiet; always there for the keyboard and for touch.
        '& button': { opacity: copied ? 1 : 0 },
        '&:hover button, & button:focus-visible': { opacity: 1 },
        '@media (hover: none)': { '& button': { opacity: 1 } },
      }}
    >
      <Box component="span" title={whole}>
        {children}
      </Box>
      <IconButton
        size="small"
        aria-label={copied ? `Copied ${name}` : `Copy ${name}`}
        sx={{ p: 0.25, my: -0.5, '& svg': { fontSize: 14 } }}
        onClick={() => {
          copy(whole);
          setCopied(true);
        }}
      >
        {copied ? <DoneIcon color="success" /> : <CopyIcon />}
      </IconButton>
    </Box>
  );
}
