import { RelativeTime } from '@highroad/plugin-platform-react';
import DoneIcon from '@mui/icons-material/CheckCircleOutline';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import { Link as RouterLink } from 'react-router-dom';
import { Section } from './Section';
import { useNeeds } from './useNeeds';

const MOST = 6;

/** A short list of what waits for the reader, one action each. */
export function NeedsYou() {
  const { value, loading } = useNeeds();

  return (
    <Section title="What needs you">
      {loading && <Skeleton variant="rounded" height={96} />}
      {value && value.unknown.length > 0 && (
        <Alert severity="warning" sx={{ mb: 1 }}>
          Could not ask about {value.unknown.join(' and ')}; what is listed is
          not all.
        </Alert>
      )}
      {value?.needs.length === 0 && value.unknown.length === 0 && (
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', p: 2 }}>
          <DoneIcon color="success" aria-hidden />
          <Typography variant="body2">
            All well: no failed creation, and nothing wrong in the catalog with
            what your teams own.
          </Typography>
        </Box>
      )}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {value?.needs.slice(0, MOST).map(need => (
          <Box
            component="li"
            key={need.key}
            sx={{
              display: 'flex',
              alignItems: 'center',
              gap: 2,
              px: 2,
              py: 1.25,
              '& + &': { borderTop: 1, borderColor: 'divider' },
            }}
          >
            <Box sx={{ flex: 1, minWidth: 0 }}>
              <Typography variant="body2" sx={{ fontWeight: 600 }}>
                {need.title}
              </Typography>
              <Typography variant="body2" color="text.secondary">
                {need.why}{' '}
                {need.since && (
                  <>
                    (<RelativeTime time={need.since} />)
                  </>
                )}
              </Typography>
            </Box>
            <Button
              component={RouterLink}
              to={need.action.to}
              size="small"
              aria-label={`${need.action.label}: ${need.title}`}
            >
              {need.action.label}
            </Button>
          </Box>
        ))}
      </Box>
      {value && value.needs.length > MOST && (
        <Box sx={{ px: 2, pb: 1.5 }}>
          <Button component={RouterLink} to="/findings" size="small">
            {value.needs.length - MOST} more
          </Button>
        </Box>
      )}
    </Section>
  );
}
