import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import { DriftLabel } from '../parts/DriftLabel';
import { PodsLabel } from '../parts/PodsLabel';
import { ShortText } from '../parts/ShortText';
import { StateLabel } from '../parts/StateLabel';
import { deploymentRouteRef } from '../routes';
import { serviceName, shortVersion } from '../words/short';
import { stateText } from '../words/states';
import { ShownPlace, sinceOf, troubleOf } from './board';

/** What runs in one place, since when, how it is, and what was tried there since. */
export function PlaceCell({ place }: { place: ShownPlace | undefined }) {
  const link = useRouteRef(deploymentRouteRef);
  if (!place) {
    return (
      <Box component="span" sx={{ color: 'text.secondary' }}>
        never deployed
      </Box>
    );
  }
  const { service, environment, running, latest, drift, pods } = place;
  const where = `${serviceName(service)} in ${environment}`;
  const back = troubleOf(place)?.kind === 'back';
  return (
    <Box sx={{ display: 'grid', gap: 0.25, minWidth: 0 }}>
      {running ? (
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
          <ShortText
            whole={running.version}
            name={`version ${shortVersion(running.version)} of ${where}`}
          >
            <Link to={link?.({ id: running.id }) ?? ''}>
              {shortVersion(running.version)}
            </Link>
          </ShortText>
          <Box
            component="span"
            sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}
          >
            <RelativeTime time={sinceOf(running)} />
          </Box>
        </Box>
      ) : (
        <Box component="span" sx={{ color: 'text.secondary' }}>
          nothing runs
        </Box>
      )}
      <PodsLabel pods={pods} />
      <DriftLabel {...{ drift, service, environment }} />
      {latest?.state && (
        <Link to={link?.({ id: latest.id }) ?? ''} title={latest.summary}>
          <StateLabel state={latest.state}>
            {stateText(latest.state)}: {shortVersion(latest.version)}
          </StateLabel>
        </Link>
      )}
      {back && running && (
        <Link
          to={link?.({ id: running.undoes ?? running.id }) ?? ''}
          title="A newer version failed, and this one was put back"
        >
          <StateLabel state="failed">put back after a failure</StateLabel>
        </Link>
      )}
    </Box>
  );
}
