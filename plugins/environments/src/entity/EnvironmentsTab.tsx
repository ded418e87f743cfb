import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Stack from '@mui/material/Stack';
import { EnvironmentTable } from '../list/EnvironmentTable';
import { NoneYet } from '../list/NoneYet';
import { NotConnected } from '../list/NotConnected';
import { useEnvironments } from '../list/useEnvironments';
import { Lost } from '../parts/Lost';
import { newRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { isOfService } from './isOfService';

/** In which environments the service of the page is. */
export function EnvironmentsTab() {
  const { entity } = useEntity();
  const { name } = entity.metadata;
  const { value: list, error, heardAt, retry } = useEnvironments();
  const items = list?.items.filter(one => isOfService(one, entity)) ?? [];
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
