import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/core-plugin-api';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { findingsOf } from '@highroad/plugin-catalog-platform-common';
import Stack from '@mui/material/Stack';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { catalogPlatformApiRef } from '../api';
import { Failure } from '../feedback/Failure';
import { FindingList } from './FindingList';

/**
 * What is wrong with one thing. What is stored with it shows at once; what
 * depends on other things follows. Where nothing is wrong, there is no card.
 */
export function FindingsCard() {
  const api = useApi(catalogPlatformApiRef);
  const { entity } = useEntity();
  const ref = stringifyEntityRef(entity);
  const { value, error, loading, retry } = useAsyncRetry(
    () => api.entityFindings(ref),
    [api, ref],
  );
  const findings = value?.findings ?? findingsOf(entity);
  if (findings.length === 0 && !error) {
    return null;
  }
  const count = findings.length;
  return (
    <EntityInfoCard
      title={
        count > 0
          ? `${count} ${
              count === 1 ? 'thing' : 'things'
            } to put right in its file`
          : 'Its file'
      }
    >
      <Stack spacing={2}>
        {error && !loading && (
          <Failure
            what="Whether everything that its file names exists could not be checked"
            error={error}
            onRetry={retry}
          />
        )}
        <FindingList findings={findings} label="What to put right" />
      </Stack>
    </EntityInfoCard>
  );
}
