import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import { deploymentsApiRef } from '../api';
import { StateLabel } from '../parts/StateLabel';
import { useOperateLink } from '../parts/useOperateLink';
import { deploymentRouteRef } from '../routes';
import { podsText } from '../words/pods';
import { serviceName, shortVersion } from '../words/short';
import { summaryText, titleOf } from '../words/verdict';
import { sinceOf, Trouble } from './board';

const FEW = 8;
/** What is wrong with something that succeeded once. */
const WORSE: Partial<Record<Trouble['kind'], string>> = {
  back: 'failed, put back',
  down: 'down',
};

/** What goes on and what went wrong, before everything else. */
export function Troubles({ troubles }: { troubles: Trouble[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? troubles : troubles.slice(0, FEW);
  return (
    <Box component="section" aria-label="In progress and failed" sx={{ mb: 3 }}>
      <Typography role="status" sx={{ fontSize: 14, fontWeight: 600, mb: 1 }}>
        {headline(troubles)}
      </Typography>
      {troubles.length > 0 && (
        <Box
          component="ul"
          aria-label="In progress and failed"
          sx={{
            listStyle: 'none',
            m: 0,
            p: 0,
            display: 'grid',
            gap: 1,
            gridTemplateColumns: 'minmax(0, 1fr)',
          }}
        >
          {shown.map(trouble => (
            <Line key={trouble.deployment.id} {...trouble} />
          ))}
        </Box>
      )}
      {troubles.length > shown.length && (
        <Button size="small" onClick={() => setAll(true)} sx={{ mt: 1 }}>
          Show all {troubles.length}
        </Button>
      )}
    </Box>
  );
}

function Line(trouble: Trouble) {
  const { kind, deployment, place } = trouble;
  const { service } = place;
  const back = kind === 'back';
  return (
    <Box
      component="li"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        columnGap: 1.5,
        alignItems: 'center',
        fontSize: 14,
      }}
    >
      <StateLabel
        state={WORSE[kind] ? 'failed' : deployment.state ?? 'succeeded'}
      >
        {WORSE[kind]}
      </StateLabel>
      <EntityRefLink
        entityRef={service}
        hideIcon
        title={serviceName(service)}
      />
      <What {...trouble} />
      <Box
        component="span"
        title={deployment.summary}
        sx={{
          flex: '1 1 240px',
          minWidth: 0,
          overflow: 'hidden',
          textOverflow: 'ellipsis',
          whiteSpace: 'nowrap',
          color: 'text.secondary',
        }}
      >
        {back ? <Undone id={deployment.undoes} /> : whyOf(trouble)}
      </Box>
      {kind !== 'down' && (
        <Box
          component="span"
          sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}
        >
          <RelativeTime time={sinceOf(deployment)} />
        </Box>
      )}
    </Box>
  );
}

/** What it is about, with the way to the page that says more. */
function What({ kind, deployment, place }: Trouble) {
  const link = useRouteRef(deploymentRouteRef);
  const operate = useOperateLink(place.service, place.environment);
  const { id, undoes } = deployment;
  const version = shortVersion(deployment.version);
  if (kind === 'down') {
    return (
      <Link to={operate ?? link?.({ id }) ?? ''}>
        {version} in {place.environment}
      </Link>
    );
  }
  return kind === 'back' ? (
    <Link to={link?.({ id: undoes ?? id }) ?? ''}>
      {version} is back in {place.environment}
    </Link>
  ) : (
    <Link to={link?.({ id }) ?? ''}>
      {titleOf({ ...deployment, environment: place.environment })}
    </Link>
  );
}

function whyOf({ kind, deployment, place }: Trouble): string {
  return kind === 'down' && place.pods
    ? podsText(place.pods)
    : summaryText(deployment);
}

/** Why the version that was to take its place did not. */
function Undone({ id }: { id: string | undefined }) {
  const api = useApi(deploymentsApiRef);
  const { value } = useAsync(
    async () => (id ? (await api.get({ id })).deployment : undefined),
    [api, id],
  );
  return value ? (
    <>
      {shortVersion(value.version)} failed: {summaryText(value)}
    </>
  ) : (
    <>The version that was to take its place failed.</>
  );
}

/** "1 failed, 2 in progress", or that all is well. */
export function headline(troubles: Trouble[]): string {
  const count = (kind: Trouble['kind']) =>
    troubles.filter(trouble => trouble.kind === kind).length;
  const said = [
    [count('failed'), 'failed'],
    [count('down'), 'down'],
    [count('active'), 'in progress'],
    [count('back'), 'failed and put back'],
  ].filter(([number]) => number !== 0);
  return said.length === 0
    ? 'All well: nothing failed, nothing is down, and nothing is in progress.'
    : said.map(part => part.join(' ')).join(', ');
}
