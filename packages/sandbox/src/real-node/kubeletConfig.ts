import { existsSync } from 'node:fs';
import { Connection } from '../connection/schema';
import { CGROUP, CONTAINERD_SOCKET, DNS_SERVICE } from './layout';

/** Where systemd keeps the name servers that are not itself. */
const SYSTEMD_RESOLV = '/run/systemd/resolve/resolv.conf';

/** The machine's name servers, as pods can use them. */
export function resolvConf(): string {
  return existsSync(SYSTEMD_RESOLV) ? SYSTEMD_RESOLV : '/etc/resolv.conf';
}

export interface KubeletPlaces {
  authority: string;
  certificate: string;
  key: string;
  podLogs: string;
  volumePlugins: string;
  staticPods?: string;
}

/**
 * The kubelet's configuration. What it would refuse to do without on a server is let go of where a try-out has to run
 * on any machine: rights over limits of processes, a cgroup version, free disk space.
 */
export function kubeletConfig(
  { kubernetes, ports }: Connection,
  places: KubeletPlaces,
): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: kubernetes.host,
    port: ports.kubelet,
    healthzBindAddress: '127.0.0.1',
    healthzPort: ports.kubeletHealth,
    readOnlyPort: 0,
    tlsCertFile: places.certificate,
    tlsPrivateKeyFile: places.key,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: places.authority },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    clusterDomain: 'cluster.local',
    clusterDNS: [DNS_SERVICE],
    resolvConf: resolvConf(),
    podLogsDir: places.podLogs,
    volumePluginDir: places.volumePlugins,
    // A group of our own: what is in it is ours, whatever else runs containers here.
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${CGROUP}`,
    failCgroupV1: false,
    enforceNodeAllocatable: [],
    featureGates: { KubeletInUserNamespace: true },
    oomScoreAdj: 0,
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    // The disk is the person's own: nothing is thrown out because it is rather full.
    evictionHard: {},
    imageGCHighThresholdPercent: 100,
    seccompDefault: true,
    serializeImagePulls: false,
    makeIPTablesUtilChains: false,
    enableProfilingHandler: false,
    maxPods: 200,
  };
}
