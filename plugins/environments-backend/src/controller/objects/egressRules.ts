import { isIP } from 'node:net';
import { PreviewSettings } from '../../service/PreviewSettings';
import { Target } from '../Target';

/** Where caches of the cluster's name server listen that run on each node, by Kubernetes' own manual. */
const NODE_LOCAL_DNS = '169.254.20.10/32';
const DNS = [
  { protocol: 'UDP', port: 53 },
  { protocol: 'TCP', port: 53 },
];

/** What pods of an environment reach: one another, name servers, its database, and what the configuration names. */
export function egressRules({
  settings,
  spec,
}: Pick<Target, 'settings' | 'spec'>): object[] {
  const server = spec.databases.some(
    ({ driver = settings.databases.driver }) => driver === 'server',
  )
    ? settings.databases.server
    : undefined;
  return [
    { to: [{ podSelector: {} }] },
    {
      to: [namespace('kube-system'), { ipBlock: { cidr: NODE_LOCAL_DNS } }],
      ports: DNS,
    },
    ...(server ? [databaseRule(server)] : []),
    ...settings.egress.map(({ cidr, namespace: name, ports }) => ({
      to: [name ? namespace(name) : { ipBlock: { cidr } }],
      ...(ports && {
        ports: ports.map(port => ({ protocol: 'TCP', port })),
      }),
    })),
  ];
}

/** Policies know no host names: of a server that has one, only the port can be said. */
function databaseRule({
  host,
  hostFromPods = host,
  port,
  portFromPods = port,
}: NonNullable<PreviewSettings['databases']['server']>) {
  const version = isIP(hostFromPods);
  return {
    ...(version > 0 && {
      to: [
        { ipBlock: { cidr: `${hostFromPods}/${version === 4 ? 32 : 128}` } },
      ],
    }),
    ports: [{ protocol: 'TCP', port: portFromPods }],
  };
}

function namespace(name: string) {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  };
}
