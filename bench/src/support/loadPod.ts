/** Programs that connect to a database anew all the time, with credentials from a Secret, as those of a service do. */
export function loadPod(options: {
  image: string;
  /** New ones a second, all pods together */
  connections: number;
  secret: string;
}) {
  const labels = { app: 'load' };
  const replicas = 2;
  const rate = Math.ceil(options.connections / replicas);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'load' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 2,
          securityContext: {
            ...{ runAsNonRoot: true, runAsUser: 999 },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'load',
              image: options.image,
              command: [
                'bash',
                '-c',
                `echo 'SELECT 1' > /tmp/one.sql; while true; do pgbench --connect --no-vacuum --client=4 --jobs=2 --rate=${rate} --time=30 --file=/tmp/one.sql "$DATABASE_URL"; done`,
              ],
              env: [
                {
                  name: 'DATABASE_URL',
                  valueFrom: {
                    secretKeyRef: {
                      name: options.secret,
                      key: 'DATABASE_URL',
                    },
                  },
                },
              ],
              resources: {
                requests: { cpu: '50m', memory: '32Mi' },
                limits: { memory: '128Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  };
}
