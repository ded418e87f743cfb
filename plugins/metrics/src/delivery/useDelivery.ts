import { useApi } from '@backstage/core-plugin-api';
import { keys, Key, Point } from '@highroad/plugin-metrics-common';
import { metricsApiRef } from '../api';
import { scopeOf, View } from '../view/useView';
import { useRefreshed } from '../useRefreshed';

/** All numbers of delivery but the table, as they are now. */
export function useDelivery(view: View) {
  const api = useApi(metricsApiRef);
  const scope = scopeOf(view);
  const { bucket } = view;
  const asked = JSON.stringify([scope, bucket]);
  return useRefreshed({ about: asked, asked }, async (): Promise<Delivery> => {
    const [summary, ...series] = await Promise.all([
      api.summary(scope),
      ...keys.map(key => api.series({ ...scope, key, bucket })),
    ]);
    return { ...summary, series: new Map(series.map(one => [one.key, one])) };
  });
}

type Api = typeof metricsApiRef.T;
export type Delivery = Awaited<ReturnType<Api['summary']>> & {
  series: Map<Key, { points: Point[]; previous: Point[]; distribution: Bins }>;
};
type Bins = Array<{ from: number; to?: number; n: number }>;
