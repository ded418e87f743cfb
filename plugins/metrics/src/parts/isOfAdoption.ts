import { AdoptionKey, adoptionKeys } from '@highroad/plugin-metrics-common';

/** Whether what is behind a number is behind one of adoption. */
export function isOfAdoption(key: string): key is AdoptionKey {
  return adoptionKeys.some(one => one === key);
}
