import {
  Failure,
  NeedsSource,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import DoneIcon from '@mui/icons-material/CheckCircleOutline';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { Section } from './Section';
import { useNeeds } from './useNeeds';

const MOST = 6;

/** A short list of what waits for the reader, one action each. */
export function NeedsYou({ sources }: { sources: NeedsSource[] }) {
  const { value, error, loading, retry } = useNeeds(sources);
  const [all, setAll] = useState(false);
  const shown = all ? value?.needs : value?.needs.slice(0, MOST);

  return (
    <Section title="What needs you">
      {loading && <Waiting label="Looking what needs you" rows={3} />}
      {error && !loading && (
        <Failure
          what="What needs you could not be found out"
          error={error}
          onRetry={retry}
        />
      )}
      {value && value.unknown.length > 0 && (
        <Alert
          severity="warning"
          action={
            <Button color="inherit" size="small" onClick={retry}>
              Try again
            </Button>
          }
        >
          Could not ask about{' '}
          {value.unknown.map(({ what }) => what).join(' and ')}; what is listed
          may not be all. {value.unknown.map(({ why }) => why).join(' ')}
        </Alert>
      )}
      {value?.needs.length === 0 && value.unknown.length === 0 && (
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', p: 2 }}>
          <DoneIcon color="success" aria-hidden />
          <Typography variant="body2">
            All well: nothing of yours failed, waits for you or is wrong in the
            catalog.
          </Typography>
        </Box>
      )}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {shown?.map(need => (
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
      {value && !all && value.needs.length > MOST && (
        <Box sx={{ px: 1, pb: 1 }}>
          <Button size="small" onClick={() => setAll(true)}>
            Show {value.needs.length - MOST} more
          </Button>
        </Box>
      )}
    </Section>
  );
}
