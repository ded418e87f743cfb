import { DatabaseObject } from '@highroad/plugin-environments-node';
import { ClusterDatabaseSettings } from '../../../service/PreviewSettings';

export const PORT = 5432;
/** Who makes roles and databases; nobody but the platform has this one's password. */
export const ADMIN = 'postgres';
const DATA = '/var/lib/highroad/data';

/** The name of a database's objects, in the namespace of its environment. */
export function objectNameOf(database: string): string {
  return `database-${database}`;
}

export function podNameOf(database: string): string {
  return `${objectNameOf(database)}-0`;
}

/**
 * A PostgreSQL server for one database, as an environment's namespace will have it.
 *
 * @param options.secret - name of the Secret that holds the password of its administrator
 */
export function databaseObjects(
  database: string,
  options: {
    secret: string;
    settings: ClusterDatabaseSettings;
    pullSecret?: string;
  },
): DatabaseObject[] {
  const name = objectNameOf(database);
  const labels = { 'app.kubernetes.io/name': name };
  const { storage } = options.settings;
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: {
        selector: labels,
        ports: [
          { name: 'postgres', port: PORT, targetPort: PORT, protocol: 'TCP' },
        ],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name },
      spec: {
        serviceName: name,
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podOf(options) },
        ...(storage && {
          persistentVolumeClaimRetentionPolicy: {
            ...{ whenDeleted: 'Delete', whenScaled: 'Retain' },
          },
          volumeClaimTemplates: [
            {
              ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
              metadata: { name: 'data' },
              spec: {
                accessModes: ['ReadWriteOnce'],
                ...(storage.class && { storageClassName: storage.class }),
                resources: { requests: { storage: storage.size } },
              },
            },
          ],
        }),
      },
    },
  ];
}

function podOf(options: {
  secret: string;
  settings: ClusterDatabaseSettings;
  pullSecret?: string;
}) {
  const { secret, settings, pullSecret } = options;
  const { image, limits, storage, userId } = settings;
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: {
      runAsNonRoot: true,
      ...{ runAsUser: userId, runAsGroup: userId, fsGroup: userId },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...(pullSecret && { imagePullSecrets: [{ name: pullSecret }] }),
    containers: [
      {
        ...{ name: 'postgres', image },
        ports: [{ name: 'postgres', containerPort: PORT, protocol: 'TCP' }],
        env: [
          { name: 'POSTGRES_USER', value: ADMIN },
          {
            name: 'POSTGRES_PASSWORD',
            valueFrom: { secretKeyRef: { name: secret, key: 'password' } },
          },
          // Also who comes from the pod itself has to say who they are, as the platform does.
          { name: 'POSTGRES_INITDB_ARGS', value: '--auth=scram-sha-256' },
          { name: 'PGDATA', value: `${DATA}/pgdata` },
        ],
        // By TCP: while it is being set up, PostgreSQL takes connections by its socket only.
        readinessProbe: {
          exec: { command: ['pg_isready', '-h', '127.0.0.1', '-U', ADMIN] },
          ...{ periodSeconds: 2, failureThreshold: 3 },
        },
        resources: {
          requests: { cpu: '50m', memory: '128Mi' },
          limits,
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'data', mountPath: DATA },
          { name: 'run', mountPath: '/var/run/postgresql' },
        ],
      },
    ],
    volumes: [
      ...(storage ? [] : [{ name: 'data', emptyDir: {} }]),
      { name: 'run', emptyDir: {} },
    ],
  };
}
