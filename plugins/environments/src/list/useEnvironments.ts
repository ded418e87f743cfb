import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { ENVIRONMENTS_CHANNEL } from '@highroad/plugin-environments-common';
import { useFollowed, useNews } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { EnvironmentsApi, environmentsApiRef } from '../api';

/** How often they are asked for where nobody tells of changes, in milliseconds. */
const EVERY_MS = 3_000;
/** Of hundreds one changes at any time: the more there are, the longer they are left alone after each look, in milliseconds. */
const PACE_MS_EACH = 10;
const LONGEST_PACE_MS = 3_000;

export type EnvironmentList = Awaited<ReturnType<EnvironmentsApi['list']>> & {
  /** References that the reader owns as */
  mine: Set<string>;
};

/** All environments, kept up to date while one looks at them. */
export function useEnvironments() {
  const api = useApi(environmentsApiRef);
  const identity = useApi(identityApiRef);
  const news = useNews(ENVIRONMENTS_CHANNEL);
  return useFollowed(
    useCallback(
      async (last: EnvironmentList | undefined, signal: AbortSignal) => {
        if (last) {
          const paceMs = last.items.length * PACE_MS_EACH;
          await news.wait(EVERY_MS, signal, Math.min(LONGEST_PACE_MS, paceMs));
        }
        const list = await api.list({}, { signal });
        const { ownershipEntityRefs } = await identity.getBackstageIdentity();
        return { ...list, mine: new Set(ownershipEntityRefs) };
      },
      [api, identity, news],
    ),
  );
}
