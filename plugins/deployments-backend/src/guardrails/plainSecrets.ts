import { plainSecretKind } from '@highroad/plugin-platform-common';
import { Breach, Guardrail, Subject } from './Guardrail';
import { plainValues } from './plainValues';

export const plainSecrets: Guardrail = {
  id: 'plain-secrets',
  why: 'What stands in a repository is read by everybody who reads it, for ever; it can be neither rotated nor taken back.',
  check: ({ container, objects }: Subject): Breach[] =>
    plainValues(container, objects).flatMap(({ name, value, from }) => {
      const kind = plainSecretKind(name, value);
      if (!kind) return [];
      return [
        {
          // Never the value itself.
          found: `${name} with ${kind} in plain text${
            from ? `, of ${from}` : ''
          }`,
          message: `The manifest holds the secret ${name}.`,
          fix: `Take its value out of the repository, set it with platform secrets set, and read it by secretKeyRef or envFrom; whoever gave it out should replace it`,
        },
      ];
    }),
};
