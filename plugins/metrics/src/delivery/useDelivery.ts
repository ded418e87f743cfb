import { useApi } from '@backstage/core-plugin-api';
import { Key, Series } from '@highroad/plugin-metrics-common';
import { metricsApiRef } from '../api';
import { useRefreshed } from '../useRefreshed';
import { scopeOf, View } from '../view/useView';

/** All numbers of delivery but the table, as they are now. In one question, since every open page asks it after each change. */
export function useDelivery(view: View) {
  const api = useApi(metricsApiRef);
  const scope = scopeOf(view);
  const { bucket } = view;
  const asked = JSON.stringify([scope, bucket]);
  return useRefreshed({ about: asked, asked }, async (): Promise<Delivery> => {
    const { series = [], ...summary } = await api.summary({ ...scope, bucket });
    return { ...summary, series: new Map(series.map(one => [one.key, one])) };
  });
}

type Api = typeof metricsApiRef.T;
export type Delivery = Omit<Awaited<ReturnType<Api['summary']>>, 'series'> & {
  series: Map<Key, Series>;
};
