import { join } from 'node:path';
import { SandboxPaths } from '../machine/paths';

/**
 * Where a real node keeps what cannot stay in the sandbox's own folder: sockets, whose paths may not be long, and what
 * is true only until the machine is started again. One real node fits on a machine, so there is one such folder.
 */
export const NODE_RUN = '/run/highroad-node';

/** The network interface that pods are attached to. Names of interfaces have 15 characters at most. */
export const BRIDGE = 'highroad0';

/** Addresses of pods; the first is the bridge's own. */
export const POD_RANGE = '10.213.0.0/24';

/** Addresses of services, as the API server gives them out. */
export const SERVICE_RANGE = '10.96.0.0/16';

/** Where pods ask for names. */
export const DNS_SERVICE = '10.96.0.10';

/** The control group that all pods are in, below each hierarchy's root. */
export const CGROUP = 'highroad-node';

/** Name of the node in the cluster. */
export const NODE_NAME = 'sandbox-node';

/** Containerd's word for the things of the kubelet. */
export const CONTAINERD_NAMESPACE = 'k8s.io';

export const CONTAINERD_SOCKET = join(NODE_RUN, 'containerd.sock');
export const CONTAINERD_STATE = join(NODE_RUN, 'containerd');

/** The kubelet's own folder; it holds the volumes of pods, which outlive a restart of the sandbox. */
export function kubeletRoot(paths: SandboxPaths): string {
  return paths.data('kubelet', 'root');
}

/** Logs of containers, as `kubectl logs` reads them. */
export function podLogs(paths: SandboxPaths): string {
  return paths.data('kubelet', 'pod-logs');
}
