import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import {
  HomeCard,
  NeedsSource,
  PageFrame,
} from '@highroad/plugin-platform-react';
import AddIcon from '@mui/icons-material/Add';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { Link as RouterLink } from 'react-router-dom';
import useAsync from 'react-use/lib/useAsync';
import { NeedsYou } from './NeedsYou';
import { NextSteps } from './NextSteps';
import { SandboxNotice } from './SandboxNotice';
import { Section } from './Section';
import { YourServices } from './YourServices';

/** What needs me, what is mine, and what to do next. */
export function HomePage(props: {
  sources: NeedsSource[];
  cards?: HomeCard[];
}) {
  const { sources, cards = [] } = props;
  const identity = useApi(identityApiRef);
  const { value: profile } = useAsync(
    () => identity.getProfileInfo(),
    [identity],
  );
  const name = profile?.displayName?.split(' ')[0];

  return (
    <PageFrame
      title={name ? `Hello, ${name}` : 'Home'}
      purpose="What needs you, what is yours, and what you can do next"
      reading
      action={
        <Button
          component={RouterLink}
          to="/create/templates/default/service"
          variant="contained"
          startIcon={<AddIcon />}
        >
          Create a service
        </Button>
      }
    >
      <SandboxNotice />
      <Box
        sx={{
          display: 'grid',
          gap: 3,
          alignItems: 'start',
          gridTemplateColumns: { md: 'minmax(0, 2fr) minmax(280px, 1fr)' },
        }}
      >
        <Box sx={{ display: 'grid', gap: 3 }}>
          <NeedsYou sources={sources} />
          <YourServices />
        </Box>
        <Box sx={{ display: 'grid', gap: 3 }}>
          <NextSteps />
          {cards.map(({ title, element }) => (
            <Section key={title} title={title}>
              {element}
            </Section>
          ))}
        </Box>
      </Box>
    </PageFrame>
  );
}
