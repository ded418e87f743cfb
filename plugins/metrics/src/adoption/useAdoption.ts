import { useApi } from '@backstage/core-plugin-api';
import {
  Adoption,
  AdoptionKey,
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

/** All numbers of adoption of what the page shows, as they are now. In one question, since every open page asks it after each change. */
export function useAdoption(view: View) {
  const api = useApi(metricsApiRef);
  const { bucket } = view;
  const slice = sliceOf(view);
  const asked = JSON.stringify([slice, bucket]);
  return useRefreshed({ about: asked, asked }, async (): Promise<Adopted> => {
    const found = await api.adoption({ ...slice, bucket });
    const { adoption, scope, series = [] } = found;
    if (!scope) throw new Error('The portal does not say what it answers of.');
    return {
      ...{ adoption, scope },
      points: new Map(series.map(({ key, points }) => [key, points])),
    };
  });
}
