import Box from '@mui/material/Box';
import { useEffect, useRef } from 'react';

/** Lines of a log. Stays at the end while new ones come, unless the reader has scrolled away from it. */
export function LogText({ label, lines }: { label: string; lines: string[] }) {
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);

  useEffect(() => {
    if (box.current && atEnd.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [lines]);

  return (
    <Box
      component="pre"
      ref={box}
      role="region"
      aria-label={label}
      tabIndex={0}
      onScroll={({ currentTarget: element }) => {
        const left =
          element.scrollHeight - element.scrollTop - element.clientHeight;
        atEnd.current = left < 24;
      }}
      sx={{
        flexGrow: 1,
        m: 0,
        p: 2,
        overflow: 'auto',
        fontSize: 12,
        lineHeight: 1.5,
        whiteSpace: 'pre-wrap',
        overflowWrap: 'anywhere',
        bgcolor: 'background.default',
        color: 'text.primary',
      }}
    >
      {lines.join('\n')}
    </Box>
  );
}
