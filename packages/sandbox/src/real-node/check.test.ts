import { Probes, whatRealNodeLacks } from './check';
import { overlappingRoute } from './routes';

const HEADER =
  'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
const EVERYWHERE = 'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0';
const ROUTES = [
  HEADER,
  EVERYWHERE,
  'eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
  '',
].join('\n');

/** A machine that lacks nothing. */
function machine(more: Partial<Probes> = {}): Probes {
  return {
    platform: 'linux',
    arch: 'x64',
    isRoot: true,
    hasCommand: () => true,
    canHave: async () => true,
    canMakeCgroups: async () => true,
    canMakeNetworks: async () => true,
    hold: async () => undefined,
    otherNodes: async () => [],
    routes: async () => ROUTES,
    ...more,
  };
}

async function lacks(more: Partial<Probes>, state?: string) {
  return whatRealNodeLacks({ state, probes: machine(more) });
}

describe('whatRealNodeLacks', () => {
  it('finds nothing where all is there', async () => {
    expect(await lacks({})).toEqual([]);
  });

  it('names the system, the processor and the rights', async () => {
    expect(await lacks({ platform: 'darwin' })).toEqual([{ what: 'Linux' }]);
    expect(await lacks({ arch: 'arm64', isRoot: false })).toEqual([
      { what: 'an x64 processor' },
      { what: 'the rights of root' },
    ]);
  });

  it('names the package that brings a command', async () => {
    expect(await lacks({ hasCommand: name => name !== 'ip' })).toEqual([
      { what: 'the command ip', packages: ['iproute2'] },
    ]);
  });

  it('says where a program comes from that can neither be found nor fetched', async () => {
    const [lack, ...others] = await lacks({
      canHave: async name => name !== 'containerd',
    });
    expect(lack.what).toMatch(/^containerd: .*apt-get.*archive of the cache/);
    expect(others).toEqual([]);
  });

  it('tries nothing out without the rights to', async () => {
    const canMakeNetworks = jest.fn(async () => true);
    await lacks({ isRoot: false, canMakeNetworks });
    expect(canMakeNetworks).not.toHaveBeenCalled();
    await lacks({ canMakeNetworks });
    expect(canMakeNetworks).toHaveBeenCalled();
  });

  it('says what a container that is not privileged refuses', async () => {
    const found = await lacks({
      canMakeCgroups: async () => false,
      canMakeNetworks: async () => false,
    });
    expect(found.map(({ what }) => what)).toEqual([
      expect.stringContaining('/sys/fs/cgroup'),
      expect.stringContaining('privileged'),
    ]);
  });

  it('refuses a machine that is a node of another cluster', async () => {
    const [lack] = await lacks({
      otherNodes: async () => [{ name: 'kubelet', pid: 812 }],
    });
    expect(lack.what).toContain('kubelet runs here as process 812');
  });

  it('is not in the way of the sandbox that has the node', async () => {
    const mine = {
      // Its own, which it sees as well.
      otherNodes: async () => [{ name: 'kubelet', pid: 812 }],
      hold: async () => ({
        state: '/home/ann/.highroad/sandbox',
        pid: process.pid,
        started: 0,
      }),
    };
    expect(await lacks(mine, '/home/ann/.highroad/sandbox')).toEqual([]);
    expect(await lacks(mine, '/home/bob/.highroad/sandbox')).not.toEqual([]);
  });

  it('refuses addresses that lead elsewhere', async () => {
    const [lack] = await lacks({
      routes: async () =>
        `${ROUTES}tun0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0\n`,
    });
    expect(lack.what).toContain('10.0.0.0/8 is reached through tun0');
  });
});

describe('overlappingRoute', () => {
  const table = (destination: string, mask: string) =>
    `${HEADER}\n${EVERYWHERE}\ndev0\t${destination}\t00000000\t1\t0\t0\t0\t${mask}\t0\t0\t0\n`;

  it.each([
    ['the same addresses', '0000D50A', '00FFFFFF', '10.213.0.0/24'],
    ['some of them', '8000D50A', '80FFFFFF', '10.213.0.128/25'],
    ['more than them', '0000D40A', '0000FEFF', '10.212.0.0/15'],
  ])('finds a route to %s', (_, destination, mask, range) => {
    expect(overlappingRoute(table(destination, mask), '10.213.0.0/24')).toEqual(
      { device: 'dev0', range },
    );
  });

  it('lets pass a route to the addresses beside them, and the one to everywhere', () => {
    const beside = table('0001D50A', '00FFFFFF');
    expect(overlappingRoute(beside, '10.213.0.0/24')).toBeUndefined();
  });
});
