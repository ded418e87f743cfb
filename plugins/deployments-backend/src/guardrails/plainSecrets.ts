import { Breach, Guardrail, Subject } from './Guardrail';

/** Names that hold a secret themselves, rather than say where one is. */
const SECRET_NAME =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION)_?KEY)$/i;

/** Values that are secret whatever their name: an address with a password, and what issuers of keys begin theirs with. */
const SECRET_VALUES: Array<[RegExp, string]> = [
  [/^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i, 'an address with a password'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/^(sk|rk)[-_](live|test|proj)?[-_]?[A-Za-z0-9]{16,}/, 'a key'],
  [/^gh[pousr]_[A-Za-z0-9]{20,}/, 'a token'],
  [/^xox[abprs]-[A-Za-z0-9-]{10,}/, 'a token'],
  [/^AKIA[A-Z0-9]{16}$/, 'a key'],
];

export const plainSecrets: Guardrail = {
  id: 'plain-secrets',
  why: 'What stands in a repository is read by everybody who reads it, for ever; it can be neither rotated nor taken back.',
  check: ({ container }: Subject): Breach[] =>
    (container.env ?? []).flatMap(({ name, value }) => {
      const kind = value ? kindOf(name, value) : undefined;
      if (!kind) return [];
      return [
        {
          // Never the value itself.
          found: `${name} with ${kind} in plain text`,
          message: `The manifest holds the secret ${name}.`,
          fix: `Take its value out of the repository, set it with platform secrets set, and read it by secretKeyRef or envFrom; whoever gave it out should replace it`,
        },
      ];
    }),
};

function kindOf(name: string, value: string): string | undefined {
  const known = SECRET_VALUES.find(([pattern]) => pattern.test(value));
  if (known) return known[1];
  return SECRET_NAME.test(name) ? 'a value' : undefined;
}
