/**
 * A PostgreSQL under the name `database`, as what a service finds beside it: user, password and database are `app`.
 *
 * @param image - one that starts as user 999, as PostgreSQL's own do
 * @returns a List for `kubectl apply`
 */
export function databasePod(image: string): object {
  const labels = { app: 'database' };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'database' },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              securityContext: {
                runAsNonRoot: true,
                runAsUser: 999,
                runAsGroup: 999,
                fsGroup: 999,
                seccompProfile: { type: 'RuntimeDefault' },
              },
              containers: [
                {
                  name: 'postgres',
                  image,
                  env: [
                    { name: 'POSTGRES_USER', value: 'app' },
                    { name: 'POSTGRES_PASSWORD', value: 'app' },
                    { name: 'POSTGRES_DB', value: 'app' },
                    { name: 'PGDATA', value: '/data/pgdata' },
                  ],
                  readinessProbe: {
                    exec: { command: ['pg_isready', '-U', 'app'] },
                    periodSeconds: 1,
                  },
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ['ALL'] },
                  },
                  volumeMounts: [
                    { name: 'data', mountPath: '/data' },
                    { name: 'run', mountPath: '/var/run/postgresql' },
                  ],
                },
              ],
              volumes: [
                { name: 'data', emptyDir: {} },
                { name: 'run', emptyDir: {} },
              ],
            },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'database' },
        spec: { selector: labels, ports: [{ port: 5432 }] },
      },
    ],
  };
}
