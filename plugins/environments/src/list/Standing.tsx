import { Link } from '@backstage/core-components';
import { isProductionUnsaid } from '@highroad/plugin-platform-react';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { RunningService } from '../api';
import { PlainTable } from '../parts/PlainTable';
import { Section } from '../parts/Section';
import { standingState } from './standingState';
import { useRunning } from './useRunning';

/** The places that stay, which deployments go to, and how what runs there is doing. */
export function Standing({
  places,
}: {
  places: { name: string; production: boolean; cluster?: string }[];
}) {
  const { value: running, error } = useRunning();
  if (places.length === 0) return null;
  return (
    <Section title="Standing">
      <PlainTable
        label="Standing"
        columns={['Name', 'Cluster', 'Services', 'State']}
      >
        {places.map(({ name, production, cluster }) => {
          const here = running?.filter(one => one.environment === name);
          return (
            <TableRow key={name}>
              <TableCell>
                {name}
                {isProductionUnsaid({ name, production }) && ' (production)'}
              </TableCell>
              <TableCell>{cluster}</TableCell>
              <TableCell>{here && runningIn(here)}</TableCell>
              <TableCell>
                {here && standingState(here)}
                {!here && (error ? 'could not be read' : 'being read')}
              </TableCell>
            </TableRow>
          );
        })}
      </PlainTable>
      <Typography color="text.secondary" sx={{ fontSize: 14, mt: 0.5 }}>
        {error && `What runs there could not be read: ${error.message} `}
        They stay. <Link to="/deployments">What runs there</Link>
      </Typography>
    </Section>
  );
}

function runningIn(services: RunningService[]): number {
  return services.filter(one => one.running).length;
}
