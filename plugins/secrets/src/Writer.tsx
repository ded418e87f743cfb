import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Whoever wrote a value; with a link, where it is somebody in the catalog. */
export function Writer({ who }: { who: string }) {
  return /^(user|group):/.test(who) ? (
    <EntityRefLink entityRef={who} defaultKind="user" hideIcon />
  ) : (
    <>{who}</>
  );
}
