import { useApi } from '@backstage/core-plugin-api';
import { keys, Key, Point } from '@highroad/plugin-metrics-common';
import { useState } from 'react';
import useAsync from 'react-use/esm/useAsync';
import useInterval from 'react-use/esm/useInterval';
import { metricsApiRef } from '../api';
import { scopeOf, View } from '../view/useView';

/** What is new is looked for this often, while somebody looks. */
const PACE_MS = 5_000;

/** All numbers of delivery, as they are now. The last ones stay while new ones are on their way. */
export function useDelivery(view: View) {
  const api = useApi(metricsApiRef);
  const [round, setRound] = useState(0);
  const { slice, environment, from, to } = scopeOf(view);
  const { bucket, by } = view;
  const asked = JSON.stringify([slice, environment, from, to, bucket, by]);
  const [last, setLast] = useState<{ asked: string; value: Delivery }>();
  const { loading, error } = useAsync(async () => {
    const scope = { slice, environment, from, to };
    const [summary, teams, ...series] = await Promise.all([
      api.summary(scope),
      api.teams({ ...scope, by }),
      ...keys.map(key => api.series({ ...scope, key, bucket })),
    ]);
    const value: Delivery = {
      ...summary,
      rows: teams.rows,
      series: new Map(series.map(one => [one.key, one])),
    };
    setLast({ asked, value });
  }, [api, asked, round]);
  useInterval(
    () => {
      if (!document.hidden) setRound(before => before + 1);
    },
    loading ? null : PACE_MS,
  );
  return {
    value: last?.asked === asked ? last.value : undefined,
    error,
    retry: () => setRound(before => before + 1),
  };
}

type Api = typeof metricsApiRef.T;
export type Delivery = Awaited<ReturnType<Api['summary']>> & {
  rows: Awaited<ReturnType<Api['teams']>>['rows'];
  series: Map<Key, { points: Point[]; distribution: Bins }>;
};
type Bins = Array<{ from: number; to?: number; n: number }>;
