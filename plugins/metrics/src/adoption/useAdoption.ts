import { useApi } from '@backstage/core-plugin-api';
import {
  Adoption,
  AdoptionKey,
  adoptionKeys,
  Point,
  Scope,
} from '@highroad/plugin-metrics-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { metricsApiRef } from '../api';
import { sliceOf, View } from '../view/useView';

export interface Adopted {
  adoption: Adoption;
  scope: Scope;
  /** Of each number over time */
  points: Map<AdoptionKey, Point[]>;
}

/** All numbers of adoption of what the page shows. */
export function useAdoption(view: View) {
  const api = useApi(metricsApiRef);
  const { bucket } = view;
  const slice = sliceOf(view);
  return useAsyncRetry(async (): Promise<Adopted> => {
    const [{ adoption }, ...series] = await Promise.all([
      api.adoption(slice),
      ...adoptionKeys.map(key => api.adoptionSeries({ ...slice, key, bucket })),
    ]);
    return {
      adoption,
      scope: series[0].scope,
      points: new Map(series.map(({ key, points }) => [key, points])),
    };
    // The question is another object at each look, with the same in it.
  }, [api, JSON.stringify(slice), bucket]);
}
