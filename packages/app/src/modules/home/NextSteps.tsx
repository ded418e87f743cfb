import CreateIcon from '@mui/icons-material/AddCircleOutline';
import DependenciesIcon from '@mui/icons-material/AccountTreeOutlined';
import DocsIcon from '@mui/icons-material/MenuBookOutlined';
import SearchIcon from '@mui/icons-material/TravelExploreOutlined';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';
import { Link as RouterLink } from 'react-router-dom';
import { Section } from './Section';

const STEPS: Array<{
  icon: ReactNode;
  title: string;
  why: string;
  to: string;
}> = [
  {
    icon: <CreateIcon />,
    title: 'Create a service',
    why: 'Repository, CI, manifests, dashboard and docs, in a minute',
    to: '/create/templates/default/service',
  },
  {
    icon: <SearchIcon />,
    title: 'Find a service and who owns it',
    why: 'Everything that runs here, with its team and on-call',
    to: '/catalog?filters[user]=all',
  },
  {
    icon: <DependenciesIcon />,
    title: 'See what depends on what',
    why: 'Open a service and look at its Dependencies tab',
    to: '/catalog?filters[kind]=component&filters[user]=all',
  },
  {
    icon: <DocsIcon />,
    title: 'Read how things work',
    why: 'Quick-starts, reference and runbooks of this platform',
    to: '/docs/default/component/highroad',
  },
];

/** What a newcomer can do first. */
export function NextSteps() {
  return (
    <Section title="What you can do next">
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, pb: 1 }}>
        {STEPS.map(step => (
          <li key={step.title}>
            <Box
              component={RouterLink}
              to={step.to}
              sx={{
                display: 'flex',
                gap: 1.5,
                px: 2,
                py: 1.25,
                color: 'text.primary',
                textDecoration: 'none',
                '&:hover': { bgcolor: 'action.hover' },
                '& svg': { color: 'primary.main', mt: 0.25 },
              }}
            >
              {step.icon}
              <Box>
                <Typography variant="body2" sx={{ fontWeight: 600 }}>
                  {step.title}
                </Typography>
                <Typography variant="body2" color="text.secondary">
                  {step.why}
                </Typography>
              </Box>
            </Box>
          </li>
        ))}
      </Box>
    </Section>
  );
}
