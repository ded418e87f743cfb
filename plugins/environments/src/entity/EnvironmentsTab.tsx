import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Stack from '@mui/material/Stack';
import { EnvironmentTable } from '../list/EnvironmentTable';
import { NoneYet } from '../list/NoneYet';
import { NotConnected } from '../list/NotConnected';
import { Lost } from '../parts/Lost';
import { newRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { useServiceEnvironments } from './useServiceEnvironments';

const LOOKS = { everyMs: 1_000, paceMs: 3_000 };

/** In which environments the service of the page is. */
export function EnvironmentsTab() {
  const { entity } = useEntity();
  const { name } = entity.metadata;
  const {
    value: list,
    error,
    heardAt,
    retry,
  } = useServiceEnvironments(entity, LOOKS);
  const items = list?.items ?? [];
  const create = useRouteRef(newRouteRef)?.();
  return (
    <Stack spacing={2} alignItems="stretch">
      {!list && !error && <Waiting label="Reading environments" rows={4} />}
      {error && !list && (
        <Failure
          what={`The environments of ${name} could not be read`}
          error={error}
          unaffected="They go on as they are."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={retry}
        />
      )}
      {error && list && heardAt && <Lost error={error} heardAt={heardAt} />}
      {list?.notConnected && <NotConnected why={list.notConnected} />}
      {list && !list.notConnected && items.length === 0 && (
        <NoneYet service={name} />
      )}
      {items.length > 0 && (
        <EnvironmentTable label={`Environments of ${name}`} items={items} />
      )}
      {list && !list.notConnected && create && (
        <Link to={`${create}?service=${encodeURIComponent(name)}`}>
          New environment with {name}
        </Link>
      )}
    </Stack>
  );
}
