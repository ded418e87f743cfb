import { useApi } from '@backstage/core-plugin-api';
import { useMemo } from 'react';
import useAsync from 'react-use/esm/useAsync';
import { secretsApiRef } from '../api';
import { Comparison } from './differencesAmong';
import { Environment } from './useSecrets';

/**
 * How values compare, by the fingerprints that are kept with the keys: no value is read for it. Asked when what is listed
 * changes, of the environments of which the reader may see values; of fewer than two there is nothing to ask.
 *
 * @param environments - those of which the reader may see values
 * @param listed - what they were listed with; nothing while it is not known
 */
export function useDifferences(
  service: string,
  environments: Environment[],
  listed: object | undefined,
): { value?: Comparison[]; error?: Error; loading: boolean } {
  const api = useApi(secretsApiRef);
  const names = environments.map(({ name }) => name).join(' ');
  // Drawn anew, the same environments are asked no second time.
  const compared = useMemo(() => environments, [names]); // eslint-disable-line react-hooks/exhaustive-deps
  return useAsync(async () => {
    const [first, ...others] = compared;
    if (!listed || others.length === 0) return [];
    return Promise.all(
      others.map(other => {
        const asked = { service, from: first.name, to: other.name, kept: true };
        return first.production || other.production
          ? api.diffProduction(asked)
          : api.diff(asked);
      }),
    );
  }, [api, service, compared, listed]);
}
