import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import { ServiceDeviations } from '../deviations/ServiceDeviations';
import { Heading } from '../parts/Heading';
import { History } from './History';
import { Places, usePlaces } from './usePlaces';
import { useService } from './useService';
import { Where } from './Where';

/** What runs where of this service, and what was deployed before. */
export function DeploymentsTab() {
  const { service, name } = useService();
  const followed = usePlaces(service);
  const state = followed.value && stateOf(followed.value);
  return (
    <Stack spacing={3}>
      <Box component="section" aria-label="What runs where">
        <Heading>What runs where</Heading>
        <Paper variant="outlined" sx={{ p: 1 }}>
          <Where service={service} name={name} followed={followed} />
        </Paper>
      </Box>
      <Box component="section" aria-label="Off the golden path">
        <Heading>Off the golden path</Heading>
        <ServiceDeviations
          service={service}
          environments={followed.value?.environments}
        />
      </Box>
      <Box component="section" aria-label="History">
        <Heading>History</Heading>
        <History service={service} state={state} />
      </Box>
    </Stack>
  );
}

/** Another one whenever something began, went on or ended. */
function stateOf({ places }: Places): string {
  return places
    .flatMap(({ running, latest }) => [running, latest])
    .map(one => one && `${one.id}:${one.revision}`)
    .join();
}
