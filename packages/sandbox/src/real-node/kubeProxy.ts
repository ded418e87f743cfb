import { stringify } from 'yaml';
import { readText, writeOwnFile } from '../machine/files';
import { BRIDGE_ADDRESS } from '../connection/settle';
import { Connection } from '../connection/schema';
import { answers } from '../servers/http';
import { componentKubeconfig } from '../servers/kubernetes/files';
import { ServerDefinition } from '../servers/Server';
import { NODE_NAME, POD_RANGE } from './layout';
import { toolEnvironment } from './tools';

/** Present, and 1, where what passes from one port of a bridge to another goes through the firewall. */
const BRIDGED_THROUGH_FIREWALL = '/proc/sys/net/bridge/bridge-nf-call-iptables';

/**
 * kube-proxy's configuration.
 *
 * @param kubeconfig - path
 * @param bridgedThroughFirewall - whether an answer from one pod to another passes the firewall. Where it does not, it
 *   would bear the pod's address instead of the service's; then services are asked under the machine's address.
 */
export function kubeProxyConfig(
  { ports }: Connection,
  kubeconfig: string,
  bridgedThroughFirewall: boolean,
): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'nftables',
    bindAddress: BRIDGE_ADDRESS,
    healthzBindAddress: `127.0.0.1:${ports.kubeProxyHealth}`,
    // Empty means all interfaces for the health check, and none at all for this.
    metricsBindAddress: '',
    clientConnection: { kubeconfig },
    clusterCIDR: POD_RANGE,
    hostnameOverride: NODE_NAME,
    nodePortAddresses: [`${BRIDGE_ADDRESS}/32`],
    nftables: { masqueradeAll: !bridgedThroughFirewall },
    // 0 leaves the machine's own settings alone.
    conntrack: {
      maxPerCore: 0,
      min: 0,
      tcpEstablishedTimeout: '0s',
      tcpCloseWaitTimeout: '0s',
    },
  };
}

export const kubeProxy: ServerDefinition = {
  name: 'kube-proxy',
  title: 'Leads services to their pods',
  programs: ['kubernetes', 'network-tools'],
  needs: ['kubelet'],
  node: 'real',
  async command(context) {
    const { connection, paths } = context;
    const config = paths.run('kube-proxy.yaml');
    const identity = await componentKubeconfig(
      context,
      'kube-proxy.kubeconfig',
      { name: 'system:kube-proxy' },
    );
    const bridged = (await readText(BRIDGED_THROUGH_FIREWALL))?.trim() === '1';
    await writeOwnFile(
      config,
      stringify(kubeProxyConfig(connection, identity, bridged)),
    );
    return {
      command: context.program('kubernetes').binary('kube-proxy'),
      args: [`--config=${config}`],
      env: toolEnvironment(context.program('network-tools').asset('')),
    };
  },
  ready: ({ connection }) =>
    answers(`http://127.0.0.1:${connection.ports.kubeProxyHealth}/healthz`),
};
