import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { EntityInfoCard } from '@backstage/plugin-catalog-react';
import Box from '@mui/material/Box';
import { entityRouteRef } from '../routes';
import { usePlaces } from './usePlaces';
import { useService } from './useService';
import { Where } from './Where';

/** For the overview: what runs where, with the way back at hand. */
export function WhereCard() {
  const { service, name } = useService();
  const followed = usePlaces(service);
  const link = useRouteRef(entityRouteRef)?.();
  return (
    <EntityInfoCard title="What runs where">
      <Where service={service} name={name} followed={followed} />
      {link && (
        <Box sx={{ mt: 1, fontSize: 14 }}>
          <Link to={link}>All deployments of {name}</Link>
        </Box>
      )}
    </EntityInfoCard>
  );
}
