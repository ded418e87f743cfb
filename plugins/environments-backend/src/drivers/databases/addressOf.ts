import { DatabaseConnection } from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';

/** `postgresql://user:password@host:5432/database`, with what an address may not hold written as it may. */
export function addressOf(
  { host, port, user, database }: DatabaseConnection,
  password: SecretValue,
): string {
  const where = host.includes(':') ? `[${host}]` : host;
  const [who, secret, name] = [user, password.reveal(), database].map(
    encodeURIComponent,
  );
  return `postgresql://${who}:${secret}@${where}:${port}/${name}`;
}
