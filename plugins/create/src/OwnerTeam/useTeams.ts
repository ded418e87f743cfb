import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';

export interface Team {
  ref: string;
  title: string;
  /** The one who asks belongs to it */
  isOwn: boolean;
}

/** The teams that can own something: one's own first, then all others by name. */
export function useTeams() {
  const catalog = useApi(catalogApiRef);
  const identity = useApi(identityApiRef);
  return useAsyncRetry(async (): Promise<Team[]> => {
    const [{ ownershipEntityRefs }, { items }] = await Promise.all([
      identity.getBackstageIdentity(),
      catalog.getEntities({
        filter: { kind: 'group' },
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.title',
          'spec.profile.displayName',
        ],
      }),
    ]);
    return items
      .map(group => {
        const ref = stringifyEntityRef(group);
        return {
          ref,
          title: titleOf(group),
          isOwn: ownershipEntityRefs.includes(ref),
        };
      })
      .sort(
        (a, b) =>
          Number(b.isOwn) - Number(a.isOwn) || a.title.localeCompare(b.title),
      );
  }, [catalog, identity]);
}

function titleOf({ metadata, spec }: Entity): string {
  const profile = spec?.profile;
  const displayName =
    typeof profile === 'object' && profile !== null && 'displayName' in profile
      ? profile.displayName
      : undefined;
  return (
    metadata.title ??
    (typeof displayName === 'string' ? displayName : metadata.name)
  );
}
