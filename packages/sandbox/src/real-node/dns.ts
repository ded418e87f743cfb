import { BRIDGE_ADDRESS } from '../connection/settle';
import { Connection } from '../connection/schema';
import { readText, writeOwnFile } from '../machine/files';
import { answers } from '../servers/http';
import { componentKubeconfig } from '../servers/kubernetes/files';
import { applyObjects } from '../servers/kubernetes/kubectl';
import { ServerDefinition } from '../servers/Server';
import { resolvConf } from './kubeletConfig';
import { DNS_SERVICE } from './layout';

/** Not 53, which a name server of the machine's own may have on all addresses. */
const DNS_PORT = 10053;

const USER = 'system:coredns';

/**
 * CoreDNS's configuration.
 *
 * @param kubeconfig - path
 * @param forwardTo - file with the machine's name servers; without one, names outside the cluster are unknown
 */
export function corefile(
  { ports }: Connection,
  kubeconfig: string,
  forwardTo: string | undefined,
): string {
  return `.:${DNS_PORT} {
    bind ${BRIDGE_ADDRESS}
    errors
    ready 127.0.0.1:${ports.dnsHealth}
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        kubeconfig "${kubeconfig}"
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 5
    }
${forwardTo ? `    forward . ${forwardTo}\n` : ''}    cache 10
    loadbalance
}
`;
}

/** What makes the name server known to pods, and lets it see services. */
export function dnsObjects(): object[] {
  const ports = [
    { name: 'dns', protocol: 'UDP' },
    { name: 'dns-tcp', protocol: 'TCP' },
  ];
  const metadata = {
    name: 'kube-dns',
    namespace: 'kube-system',
    labels: { 'k8s-app': 'kube-dns' },
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        clusterIP: DNS_SERVICE,
        ports: ports.map(port => ({ ...port, port: 53, targetPort: DNS_PORT })),
      },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        ...metadata,
        labels: {
          'kubernetes.io/service-name': 'kube-dns',
          'endpointslice.kubernetes.io/managed-by': 'highroad-sandbox',
        },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [BRIDGE_ADDRESS], conditions: { ready: true } }],
      ports: ports.map(port => ({ ...port, port: DNS_PORT })),
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: USER },
      rules: [
        {
          apiGroups: [''],
          resources: ['services', 'namespaces', 'pods'],
          verbs: ['list', 'watch'],
        },
        {
          apiGroups: ['discovery.k8s.io'],
          resources: ['endpointslices'],
          verbs: ['list', 'watch'],
        },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: USER },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: USER,
      },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: USER },
      ],
    },
  ];
}

export const dns: ServerDefinition = {
  name: 'dns',
  title: 'Names of services, for pods',
  programs: ['coredns', 'kubernetes'],
  needs: ['cluster'],
  node: 'real',
  address: () => `${BRIDGE_ADDRESS}:${DNS_PORT}`,
  setUp: context => applyObjects(context, dnsObjects()),
  async command(context) {
    const config = context.paths.run('Corefile');
    const identity = await componentKubeconfig(context, 'coredns.kubeconfig', {
      name: USER,
    });
    const machine = await readText(resolvConf());
    const forwards = /^\s*nameserver\s/m.test(machine ?? '');
    await writeOwnFile(
      config,
      corefile(
        context.connection,
        identity,
        forwards ? resolvConf() : undefined,
      ),
    );
    return {
      command: context.program('coredns').binary('coredns'),
      args: ['-conf', config],
    };
  },
  ready: ({ connection }) =>
    answers(`http://127.0.0.1:${connection.ports.dnsHealth}/ready`),
};
