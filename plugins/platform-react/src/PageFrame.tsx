import { configApiRef, useApi } from '@backstage/core-plugin-api';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';
import useTitle from 'react-use/lib/useTitle';

/**
 * The frame of every page: a title, one line on what it is for, the primary action at the right, then the content.
 * The browser's tab has the title too.
 */
export function PageFrame(props: {
  title: string;
  /** One line; what a person comes here for */
  purpose?: ReactNode;
  /** The primary action */
  action?: ReactNode;
  /** A width that is good to read; without it the content takes all there is, as a matrix needs */
  reading?: boolean;
  children: ReactNode;
}) {
  const { title, purpose, action, reading, children } = props;
  const portal = useApi(configApiRef).getOptionalString('app.title');
  useTitle(portal ? `${title} | ${portal}` : title);

  return (
    <Box
      component="main"
      sx={{
        px: { xs: 2, md: 3 },
        py: 3,
        maxWidth: reading ? 1120 : undefined,
        width: '100%',
      }}
    >
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'flex-start',
          justifyContent: 'space-between',
          gap: 2,
          mb: 3,
        }}
      >
        <Box>
          <Typography
            component="h1"
            sx={{ fontSize: 24, fontWeight: 650, lineHeight: 1.3, m: 0 }}
          >
            {title}
          </Typography>
          {purpose && (
            <Typography color="text.secondary" sx={{ fontSize: 14, mt: 0.5 }}>
              {purpose}
            </Typography>
          )}
        </Box>
        {action}
      </Box>
      {children}
    </Box>
  );
}
