import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { Environment } from '@highroad/plugin-environments-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Lost } from '../parts/Lost';
import { OpenLink } from '../parts/OpenLink';
import { PhaseLabel } from '../parts/PhaseLabel';
import { useNow } from '../parts/useNow';
import { environmentRouteRef } from '../routes';
import { timeLeft } from '../words/short';
import { useServiceEnvironments } from './useServiceEnvironments';

const FEW = 5;
/** Whoever reads the overview of a service waits for nothing here: the tab is for that. */
const LOOKS = { everyMs: 10_000, paceMs: 5_000 };

/**
 * For the overview: which previews of the service are open. Nothing where there can be none.
 *
 * @param props.looks - how often they are asked for, as {@link useServiceEnvironments} has it
 */
export function PreviewsCard({
  looks = LOOKS,
}: {
  looks?: Parameters<typeof useServiceEnvironments>[1];
}) {
  const { entity } = useEntity();
  const {
    value: list,
    error,
    heardAt,
    retry,
  } = useServiceEnvironments(entity, looks);
  if (list?.notConnected) return null;
  const items = list?.items ?? [];
  return (
    <EntityInfoCard title="Open previews">
      {!list && !error && <Waiting label="Reading previews" rows={2} />}
      {error && !list && (
        <Failure
          what="Its previews could not be read"
          error={error}
          onRetry={retry}
        />
      )}
      {error && list && heardAt && <Lost error={error} heardAt={heardAt} />}
      {list && items.length === 0 && (
        <Typography color="text.secondary" sx={{ fontSize: 14 }}>
          None. A pull request that carries platform/environments/preview.yaml
          gets one.
        </Typography>
      )}
      {items.length > 0 && (
        <Box
          component="ul"
          aria-label="Open previews"
          sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1 }}
        >
          {items.slice(0, FEW).map(one => (
            <Preview key={`${one.home}/${one.name}`} environment={one} />
          ))}
        </Box>
      )}
      {items.length > FEW && (
        <Typography color="text.secondary" sx={{ fontSize: 14, mt: 1 }}>
          And {items.length - FEW} more, under Environments.
        </Typography>
      )}
    </EntityInfoCard>
  );
}

function Preview({ environment }: { environment: Environment }) {
  const { name, home, phase, url } = environment;
  const page = useRouteRef(environmentRouteRef)?.({ name });
  const now = useNow();
  return (
    <Box
      component="li"
      sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, fontSize: 14 }}
    >
      <PhaseLabel phase={phase} />
      <Link to={`${page}?home=${encodeURIComponent(home)}`}>{name}</Link>
      {url && <OpenLink url={url} />}
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {timeLeft(environment, now)}
      </Box>
    </Box>
  );
}
