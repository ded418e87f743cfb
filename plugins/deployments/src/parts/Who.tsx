import { EntityRefLink } from '@backstage/plugin-catalog-react';

/** Who asked for something: a person, the platform itself, or a token by its name. */
export function Who({ who }: { who: string }) {
  if (who === 'plugin:deployments') return <>the platform</>;
  return /^(user|group):/.test(who) ? (
    <EntityRefLink entityRef={who} defaultKind="user" hideIcon />
  ) : (
    <>{who}</>
  );
}
