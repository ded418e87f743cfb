import {
  DeployedUses,
  Secret,
  UnseenKey,
} from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import { Environment } from './useSecrets';

/** Where programs take every key (`envFrom`) and there is none, so that they cannot start; nothing elsewhere. */
export function WholeSecretLines(props: {
  environments: Environment[];
  items: Secret[];
  /** What cannot be looked at, and may be set */
  unseen: UnseenKey[];
  uses: DeployedUses[];
  /** Name of the Secret that the service's programs get */
  secretName: string;
}) {
  const { environments, items, unseen, uses, secretName } = props;
  const newestFirst = [...uses].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <>
      {environments.map(({ name }) => {
        const isThere =
          unseen.some(one => one.environment === name) ||
          items.some(one => one.environment === name && one.state === 'set');
        const here = newestFirst.filter(one => one.environment === name);
        // What was looked at since counts too, and what runs goes on to.
        const there = (here.length > 0 ? here : newestFirst.slice(0, 1)).find(
          one => wholeIn(one, secretName).length > 0,
        );
        if (isThere || !there) return null;
        const objects = [...new Set(wholeIn(there, secretName))];
        return (
          <Alert key={name} severity="warning">
            {objects.join(' and ')} of {there.version}{' '}
            {objects.length > 1 ? 'take' : 'takes'} every key that there is, and
            none is set in {name}: it cannot start there, and a deploy of it is
            refused.
          </Alert>
        );
      })}
    </>
  );
}

/** @returns what takes every key of the Secret, such as `Deployment cart` */
function wholeIn({ references }: DeployedUses, secret: string): string[] {
  return references
    .filter(
      one => one.secret === secret && one.key === undefined && !one.optional,
    )
    .map(({ object }) => object);
}
