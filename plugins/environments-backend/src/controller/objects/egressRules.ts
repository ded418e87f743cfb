import { BlockList, isIP } from 'node:net';
import { PreviewSettings } from '../../service/PreviewSettings';
import { Target } from '../Target';

/** Where caches of the cluster's name server listen that run on each node, by Kubernetes' own manual. */
const NODE_LOCAL_DNS = '169.254.20.10/32';
/** RFC 3927 and 4291, and where AWS answers by IPv6 */
const OF_THE_LINK = {
  ipv4: ['169.254.0.0/16'],
  ipv6: ['fe80::/10', 'fd00:ec2::254/128'],
};
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
      to: [name ? namespace(name) : { ipBlock: ipBlock(cidr) }],
      ...(ports && {
        ports: ports.map(port => ({ protocol: 'TCP', port })),
      }),
    })),
  ];
}

/**
 * A range without what each machine of a cloud is told about itself, credentials among it, at addresses of its own link;
 * unless that is named.
 */
function ipBlock(cidr = '') {
  const [address, bits] = cidr.split('/');
  const version = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(address, Number(bits), version);
  const except = OF_THE_LINK[version].filter(
    one =>
      range.check(one.split('/')[0], version) &&
      Number(one.split('/')[1]) > Number(bits),
  );
  return { cidr, ...(except.length > 0 && { except }) };
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
