import { Connection, portalAppRoles } from '@highroad/sandbox';

/** Every secret string of a sandbox, longest first so that one that holds another is replaced whole. */
export function credentialsOf(connection: Connection | undefined): string[] {
  if (!connection) return [];
  const { kubernetes, vault, postgres, gitea, supervisorToken } = connection;
  return [
    supervisorToken,
    kubernetes.adminToken,
    kubernetes.portalToken,
    vault.roleId,
    vault.secretId,
    ...Object.values(portalAppRoles(vault)).map(({ secretId }) => secretId),
    postgres.url,
    postgres.password,
    gitea.password,
    gitea.webhookSecret,
    Buffer.from(`${gitea.username}:${gitea.password}`).toString('base64'),
  ]
    .flatMap(secret => [secret, encodeURIComponent(secret)])
    .filter(secret => secret.length >= 8)
    .sort((a, b) => b.length - a.length);
}

/** Forms that secrets which are not in the connection have: Vault's tokens, and private keys. */
const FORMS = [
  /\bhv[sbr]\.[A-Za-z0-9_-]{20,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----.*/g,
];

/** A line as it may be shown. */
export function withoutCredentials(
  text: string,
  credentials: string[],
): string {
  const known = credentials.reduce(
    (line, secret) => line.split(secret).join('•••'),
    text,
  );
  return FORMS.reduce((line, form) => line.replace(form, '•••'), known);
}
