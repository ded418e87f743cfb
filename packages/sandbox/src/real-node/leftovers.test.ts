import { isOwnNote } from './attachments';
import { cgroupHierarchies } from './cgroups';
import { ownRules, parseList } from './firewall';
import { CONTAINERD_SOCKET } from './layout';
import { mountPointsBelow } from './mounts';
import { isOwnShim } from './shims';

const MOUNTS = `21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 21 0:26 / /sys/fs/cgroup rw - tmpfs cgroup rw
31 30 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
32 30 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
40 21 254:0 /tmp/s/data/kubelet/root /tmp/s/data/kubelet/root rw shared:1 - ext4 /dev/vda rw
41 40 0:60 / /tmp/s/data/kubelet/root/pods/1/volumes/a\\040b rw shared:2 - tmpfs tmpfs rw
42 21 0:61 / /tmp/s/data/kubelet/root-of-another rw - tmpfs tmpfs rw
`;

describe('what a real node leaves', () => {
  it('is unmounted from the inside out, and nothing of others', () => {
    expect(mountPointsBelow(MOUNTS, ['/tmp/s/data/kubelet/root'])).toEqual([
      '/tmp/s/data/kubelet/root/pods/1/volumes/a b',
      '/tmp/s/data/kubelet/root',
    ]);
    expect(mountPointsBelow(MOUNTS, ['/run/highroad-node'])).toEqual([]);
  });

  it('is looked for in every hierarchy of control groups', () => {
    expect(cgroupHierarchies(MOUNTS)).toEqual([
      '/sys/fs/cgroup/cpu',
      '/sys/fs/cgroup/unified',
    ]);
  });

  it('has shims that are told apart by the containerd they belong to', () => {
    const shim = (socket: string) => [
      '/programs/containerd/usr/bin/containerd-shim-runc-v2',
      ...['-namespace', 'k8s.io', '-id', 'abc', '-address', socket],
    ];
    expect(isOwnShim(shim(CONTAINERD_SOCKET))).toBe(true);
    expect(isOwnShim(shim('/run/containerd/containerd.sock'))).toBe(false);
    expect(isOwnShim(['cat', '-address', CONTAINERD_SOCKET])).toBe(false);
    expect(isOwnShim([''])).toBe(false);
  });

  it('has notes of attached pods that are told apart by where their networks are', () => {
    const note = (folder: string) =>
      JSON.stringify({ interfaces: [{ sandbox: `${folder}/netns/cni-1` }] });
    expect(isOwnNote(note('/run/highroad-node/containerd'))).toBe(true);
    expect(isOwnNote(note('/var/run'))).toBe(false);
  });
});

describe('the firewall', () => {
  it('lets nobody from other machines in to pods, services and the API', () => {
    expect(ownRules()).toContain(
      'iifname != { "highroad0", "lo" } ip daddr { 10.213.0.0/24, 10.96.0.0/16 } drop',
    );
  });

  it('is read as nft lists it', () => {
    const items = parseList(
      JSON.stringify({
        nftables: [
          { metainfo: { version: '1.0.6' } },
          { chain: { name: 'FORWARD', policy: 'drop', handle: 1 } },
          {
            rule: {
              chain: 'FORWARD',
              handle: 2,
              comment: 'highroad-node',
              expr: [{ xt: null }, { jump: { target: 'X' } }],
            },
          },
        ],
      }),
    );
    expect(items[1].chain).toEqual({ name: 'FORWARD', policy: 'drop' });
    expect(items[2].rule).toMatchObject({
      handle: 2,
      comment: 'highroad-node',
    });
  });
});
