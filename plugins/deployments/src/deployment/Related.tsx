import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import Box from '@mui/material/Box';
import { Heading } from '../parts/Heading';
import { StateLabel } from '../parts/StateLabel';
import { deploymentRouteRef } from '../routes';
import { titleOf } from '../words/verdict';
import { useDeployment } from './useDeployment';

/** Deployments that this one has to do with. */
export function Related({ deployment }: { deployment: Deployment }) {
  const { undoneBy, undoes, fixes, manifestsOf } = deployment;
  const all = [
    ['Undone by', undoneBy],
    ['Undoes', undoes],
    ['Fixes', fixes],
    ['Applies again what this applied', manifestsOf],
  ].flatMap(([label, id]) => (label && id ? [{ label, id }] : []));
  if (all.length === 0) return null;
  return (
    <Box component="section" aria-label="Belongs together">
      <Heading>Belongs together</Heading>
      <Box
        component="ul"
        sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}
      >
        {all.map(one => (
          <Other key={one.label} {...one} />
        ))}
      </Box>
    </Box>
  );
}

function Other({ label, id }: { label: string; id: string }) {
  const link = useRouteRef(deploymentRouteRef);
  const { value } = useDeployment(id);
  return (
    <Box
      component="li"
      sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, fontSize: 14 }}
    >
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {label}:
      </Box>
      <Link to={link?.({ id }) ?? ''}>
        {value ? titleOf(value) : 'a deployment'}
      </Link>
      {value && <StateLabel state={value.state} />}
    </Box>
  );
}
