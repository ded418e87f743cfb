import Box from '@mui/material/Box';
import { ReactNode } from 'react';

/** The menu, which scrolls by itself where the window is low: a light edge shows that there is more, above or below. */
export function MenuScroll({ children }: { children: ReactNode }) {
  return (
    <Box
      sx={theme => {
        const ground = theme.palette.navigation.background;
        return {
          width: '100%',
          flex: '0 1 auto',
          minHeight: 96,
          overflowX: 'hidden',
          overflowY: 'auto',
          scrollbarWidth: 'thin',
          scrollbarColor: `${theme.palette.navigation.color} transparent`,
          // The covers move with what is scrolled and hide an edge where there is no more behind it.
          background: `
            linear-gradient(${ground} 40%, transparent) top / 100% 32px local,
            linear-gradient(transparent, ${ground} 60%) bottom / 100% 32px local,
            radial-gradient(farthest-side at 50% 0, rgba(255,255,255,.45), transparent) top / 100% 12px scroll,
            radial-gradient(farthest-side at 50% 100%, rgba(255,255,255,.45), transparent) bottom / 100% 12px scroll`,
          backgroundRepeat: 'no-repeat',
        };
      }}
    >
      {children}
    </Box>
  );
}
