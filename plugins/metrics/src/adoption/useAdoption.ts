import { useApi } from '@backstage/core-plugin-api';
import {
  Adoption,
  AdoptionKey,
  adoptionKeys,
  Point,
  Scope,
} from '@highroad/plugin-metrics-common';
import { metricsApiRef } from '../api';
import { useRefreshed } from '../useRefreshed';
import { sliceOf, View } from '../view/useView';

export interface Adopted {
  adoption: Adoption;
  scope: Scope;
  /** Of each number over time */
  points: Map<AdoptionKey, Point[]>;
}

/** All numbers of adoption of what the page shows, as they are now. */
export function useAdoption(view: View) {
  const api = useApi(metricsApiRef);
  const { bucket } = view;
  const slice = sliceOf(view);
  const asked = JSON.stringify([slice, bucket]);
  return useRefreshed({ about: asked, asked }, async (): Promise<Adopted> => {
    const [{ adoption }, ...series] = await Promise.all([
      api.adoption(slice),
      ...adoptionKeys.map(key => api.adoptionSeries({ ...slice, key, bucket })),
    ]);
    return {
      adoption,
      scope: series[0].scope,
      points: new Map(series.map(({ key, points }) => [key, points])),
    };
  });
}
