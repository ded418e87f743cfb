import { useApi } from '@backstage/core-plugin-api';
import { metricsApiRef } from '../api';
import { scopeOf, View } from '../view/useView';
import { useRefreshed } from '../useRefreshed';

/** The rows of the table that are shown, as they are now. */
export function useTeams(view: View) {
  const api = useApi(metricsApiRef);
  const { by, sort, descending, rows } = view;
  const scope = scopeOf(view);
  return useRefreshed(
    {
      about: JSON.stringify([scope, by]),
      asked: JSON.stringify([scope, by, sort, descending, rows]),
    },
    () =>
      api.teams({
        ...{ ...scope, by, sort, limit: rows },
        order: descending ? 'desc' : 'asc',
      }),
  );
}
