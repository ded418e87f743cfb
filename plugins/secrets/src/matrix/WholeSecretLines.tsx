import { DeployedUses, Secret } from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import { Environment } from './useSecrets';

/** Where programs take every key (`envFrom`) and there is none, so that they cannot start; nothing elsewhere. */
export function WholeSecretLines(props: {
  environments: Environment[];
  items: Secret[];
  uses: DeployedUses[];
  /** Name of the Secret that the service's programs get */
  secretName: string;
}) {
  const { environments, items, uses, secretName } = props;
  const [newest] = [...uses].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <>
      {environments.map(({ name }) => {
        const isThere = items.some(
          one => one.environment === name && one.state === 'set',
        );
        const there = uses.find(one => one.environment === name) ?? newest;
        const whole = (there?.references ?? []).filter(
          one =>
            one.secret === secretName && one.key === undefined && !one.optional,
        );
        if (isThere || !there || whole.length === 0) return null;
        const objects = [...new Set(whole.map(({ object }) => object))];
        return (
          <Alert key={name} severity="warning">
            {objects.join(' and ')} of {there.version}{' '}
            {objects.length > 1 ? 'take' : 'takes'} every key that there is, and
            none is set in {name}: it cannot start there, and a deploy is
            refused.
          </Alert>
        );
      })}
    </>
  );
}
