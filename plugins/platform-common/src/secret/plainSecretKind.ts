/** Names that hold a secret themselves, rather than say where one is. */
const SECRET_NAME =
  /(PASSWORD|PASSWD|PASSPHRASE)$|(^|_)(PASS|SECRET|SECRET_KEY_BASE|TOKEN|PAT|CREDENTIALS?|(API|ACCESS|PRIVATE|SECRET|SIGNING|ENCRYPTION)_?KEY)$|_PWD$|^REDISCLI_AUTH$/i;

/** Values that are secret whatever their name: what issuers of keys begin theirs with. */
const SECRET_VALUES: Array<[RegExp, string]> = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/^(sk|rk)[-_](live|test|proj)?[-_]?[A-Za-z0-9]{16,}/, 'a key'],
  [/^sk-(ant|proj|svcacct)-[\w-]{16,}/, 'a key'],
  [/^gh[pousr]_[A-Za-z0-9]{20,}/, 'a token'],
  [/^github_pat_\w{20,}/, 'a token'],
  [/^gl(pat|ptt|dt|rt|cbt|oas)-[\w.-]{16,}/, 'a token'],
  [/^npm_[A-Za-z0-9]{30,}/, 'a token'],
  [/^(xox[abeprs]|xapp)-[A-Za-z0-9-]{10,}/, 'a token'],
  [/^hv[sb]\.[\w-]{20,}/, 'a token'],
  [/^SG\.[\w-]{16,}\.[\w-]{16,}/, 'a key'],
  [/^A[KS]IA[A-Z0-9]{16}$/, 'a key'],
  [/^AIza[\w-]{35}$/, 'a key'],
  [/^eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+$/, 'a token'],
];

/** Passwords inside of addresses: before the host, or as a parameter. */
const IN_ADDRESS = [
  /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^/\s@]+)@/gi,
  /:\/\/\S*[?&;]password=([^&;\s]+)/gi,
];
/** What another variable is put in for, which may well be a secret one: by Kubernetes, or by what fills manifests in. */
const REFERENCES = /^(\$\([A-Za-z_][\w.-]*\)|\$\{[A-Za-z_][\w.-]*\})+$/;
/** What variables such as ALLOW_EMPTY_PASSWORD hold. */
const FLAG = /^(true|false|yes|no|on|off)$/i;

/**
 * What kind of secret a variable of the environment holds, so far as its name or value tell.
 *
 * @returns such as `a token` or `an address with a password`; nothing where it holds none that can be told
 */
export function plainSecretKind(
  name: string,
  value: string,
): string | undefined {
  const known = SECRET_VALUES.find(([pattern]) => pattern.test(value));
  if (known) return known[1];
  const passwords = IN_ADDRESS.flatMap(pattern =>
    [...value.matchAll(pattern)].map(([, password]) => password),
  );
  if (passwords.some(password => !REFERENCES.test(password))) {
    return 'an address with a password';
  }
  const isPlain = !REFERENCES.test(value) && !FLAG.test(value);
  return SECRET_NAME.test(name) && isPlain ? 'a value' : undefined;
}
