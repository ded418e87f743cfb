import { useApi } from '@backstage/core-plugin-api';
import { Version } from '@highroad/plugin-deployments-common';
import { relative } from '@highroad/plugin-platform-react';
import useAsync from 'react-use/esm/useAsync';
import { deploymentsApiRef } from '../api';

const MOST = 30;

/** What the registry has of a service. It may take seconds, and nothing waits for it. */
export function useRegistry(service: string | undefined) {
  const api = useApi(deploymentsApiRef);
  return useAsync(
    async () => service && api.versions({ service, limit: MOST }),
    [api, service],
  );
}

/** "built 2 days ago from 1a2b3c4d, runs in staging", as far as it is known. */
export function versionText(
  { createdAt, commit, digest, runsIn }: Version,
  now: number,
): string {
  const made = [
    createdAt && relative((Date.parse(createdAt) - now) / 1000),
    commit && `from ${commit.slice(0, 8)}`,
  ].filter(Boolean);
  return [
    made.length > 0 && `built ${made.join(' ')}`,
    digest && digest.replace(/^sha256:/, '').slice(0, 12),
    runsIn.length > 0 && `runs in ${runsIn.join(' and ')}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Versions of the registry first, in its order; then those that are only remembered. */
export function mergeOffers(
  remembered: Map<string, string>,
  versions: Version[],
  now: number,
): Map<string, string> {
  const offers = new Map(
    versions.map(one => [
      one.version,
      versionText(one, now) || remembered.get(one.version) || 'in the registry',
    ]),
  );
  for (const [version, text] of remembered) {
    if (!offers.has(version)) offers.set(version, text);
  }
  return offers;
}
