import { stringify } from 'yaml';
import { Connection } from './schema';

/** A kubeconfig for the sandbox's cluster. With a client certificate instead of a token where one is given. */
export function kubeconfig(
  connection: Connection,
  user: { name: string; token?: string; certificate?: string; key?: string } = {
    name: 'admin',
    token: connection.kubernetes.adminToken,
  },
): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [
      {
        name: 'sandbox',
        cluster: {
          server: connection.kubernetes.server,
          'certificate-authority-data': base64(connection.kubernetes.ca),
        },
      },
    ],
    users: [
      {
        name: user.name,
        user:
          user.certificate && user.key
            ? {
                'client-certificate-data': base64(user.certificate),
                'client-key-data': base64(user.key),
              }
            : { token: user.token },
      },
    ],
    contexts: [
      { name: 'sandbox', context: { cluster: 'sandbox', user: user.name } },
    ],
  });
}
