import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { Link as RouterLink, useLocation } from 'react-router-dom';

const WAYS = [
  { label: 'Search', to: '/search' },
  { label: 'See the catalog', to: '/catalog' },
  { label: 'Create a service', to: '/create' },
  { label: 'Home', to: '/' },
];

/** Where an address leads nowhere: says so, and what may be meant instead. */
export function NotFound() {
  const { pathname } = useLocation();
  return (
    <Box component="main" sx={{ p: 4, maxWidth: 720 }}>
      <Typography variant="h1">There is no page here</Typography>
      <Typography sx={{ mt: 1, mb: 3, overflowWrap: 'anywhere' }}>
        Nothing is at <code>{pathname}</code>. It may have been renamed or
        removed, or the address is misspelt.
      </Typography>
      <Box
        component="nav"
        aria-label="Ways on"
        sx={{ display: 'flex', gap: 1 }}
      >
        {WAYS.map(({ label, to }, at) => (
          <Button
            key={to}
            component={RouterLink}
            to={to}
            variant={at === 0 ? 'contained' : 'outlined'}
          >
            {label}
          </Button>
        ))}
      </Box>
    </Box>
  );
}
