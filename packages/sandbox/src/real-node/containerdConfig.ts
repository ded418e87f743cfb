import {
  BRIDGE,
  CONTAINERD_SOCKET,
  CONTAINERD_STATE,
  NODE_RUN,
  POD_RANGE,
} from './layout';
import { PAUSE_IMAGE } from './pauseImage';

export interface ContainerdPlaces {
  /** Images and layers */
  root: string;
  /** What belongs to single registries */
  registries: string;
  runc: string;
  cniPlugins: string;
  cniConfig: string;
  snapshotter: 'overlayfs' | 'native';
}

/** Containerd's configuration. Everything is kept in our own folders, as far as it can be told to. */
export function containerdConfig(places: ContainerdPlaces): string {
  const text = JSON.stringify;
  return `version = 2
root = ${text(places.root)}
state = ${text(CONTAINERD_STATE)}
# Those of other storage say at each start that they cannot be had; "opt" makes a folder at a place of its own.
disabled_plugins = [
  "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.tracing.processor.v1.otlp",
]

[grpc]
  address = ${text(CONTAINERD_SOCKET)}

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(PAUSE_IMAGE)}
  # A machine without these rights still runs pods.
  disable_apparmor = true
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  # Its own server for exec and logs; the kubelet passes them on.
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = ${text(places.snapshotter)}
    default_runtime_name = "runc"

    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"

      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = ${text(places.runc)}
        Root = ${text(`${NODE_RUN}/runc`)}
        SystemdCgroup = false

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(places.cniPlugins)}
    conf_dir = ${text(places.cniConfig)}

  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${text(places.registries)}
`;
}

/**
 * How pods are attached to the network.
 *
 * @param addresses - folder in which the addresses given out are written down
 */
export function cniConfig(addresses: string): string {
  return JSON.stringify(
    {
      cniVersion: '1.0.0',
      name: 'highroad-node',
      plugins: [
        {
          type: 'bridge',
          bridge: BRIDGE,
          isGateway: true,
          // The node's own rules do that; the plugin's would have to be found again one by one.
          ipMasq: false,
          // A pod may reach itself through its service.
          hairpinMode: true,
          ipam: {
            type: 'host-local',
            ranges: [[{ subnet: POD_RANGE }]],
            routes: [{ dst: '0.0.0.0/0' }],
            dataDir: addresses,
          },
        },
        { type: 'portmap', capabilities: { portMappings: true }, snat: true },
      ],
    },
    null,
    2,
  );
}

/**
 * Registries that images are taken from: folder → content of its hosts.toml. Names of Docker Hub are looked for in the
 * sandbox's registry first, so that images made here are found under the names that people write.
 */
export function registryHosts(registry: {
  host: string;
  address: string;
}): Record<string, string> {
  const local = `[host."${registry.address}"]
  capabilities = ["pull", "resolve"]
`;
  return {
    [registry.host]: `server = "${registry.address}"\n\n${local}`,
    'docker.io': `server = "https://registry-1.docker.io"\n\n${local}`,
  };
}
