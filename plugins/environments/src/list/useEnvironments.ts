import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { useFollowed, pause } from '@highroad/plugin-platform-react';
import { useCallback } from 'react';
import { EnvironmentsApi, environmentsApiRef } from '../api';

/** Nothing is known of one that is made until it is asked again. */
const EVERY_MS = 3_000;

export type EnvironmentList = Awaited<ReturnType<EnvironmentsApi['list']>> & {
  /** References that the reader owns as */
  mine: Set<string>;
};

/**
 * All environments, kept up to date while one looks at them.
 *
 * @param everyMs - how often they are asked for, in milliseconds
 */
export function useEnvironments(everyMs = EVERY_MS) {
  const api = useApi(environmentsApiRef);
  const identity = useApi(identityApiRef);
  return useFollowed(
    useCallback(
      async (last: EnvironmentList | undefined, signal: AbortSignal) => {
        if (last) await pause(everyMs, signal);
        const list = await api.list({}, { signal });
        const { ownershipEntityRefs } = await identity.getBackstageIdentity();
        return { ...list, mine: new Set(ownershipEntityRefs) };
      },
      [api, everyMs, identity],
    ),
  );
}
