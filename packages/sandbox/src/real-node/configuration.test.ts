import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '../connection/schema';
import { settleConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { cniConfig, containerdConfig, registryHosts } from './containerdConfig';
import { corefile, dnsObjects } from './dns';
import { ingressArguments } from './ingress';
import { kubeletConfig } from './kubeletConfig';
import { kubeProxyConfig } from './kubeProxy';

describe('configuration of a real node', () => {
  let folder: string;
  let connection: Connection;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-real-node-'));
    connection = await settleConnection(new SandboxPaths(folder), {
      kind: 'real',
      why: 'test',
    });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const places = {
    root: '/state/with "quotes"',
    registries: '/r',
    runc: '/runc',
    cniPlugins: '/p',
    cniConfig: '/c',
    snapshotter: 'native' as const,
  };

  it('keeps containerd’s things in folders of our own', () => {
    const text = containerdConfig(places);
    expect(text).toContain('root = "/state/with \\"quotes\\""');
    expect(text).toContain('state = "/run/highroad-node/containerd"');
    expect(text).toContain('Root = "/run/highroad-node/runc"');
    expect(text).toContain('snapshotter = "native"');
  });

  it('attaches pods to the bridge', () => {
    const { plugins } = JSON.parse(cniConfig('/addresses'));
    expect(plugins[0]).toMatchObject({
      bridge: 'highroad0',
      ipam: {
        dataDir: '/addresses',
        ranges: [[{ subnet: '10.213.0.0/24' }]],
      },
    });
  });

  it('looks for images of Docker Hub in the sandbox’s registry first', () => {
    const hosts = registryHosts(connection.registry);
    expect(hosts['docker.io']).toContain(
      `[host."${connection.registry.address}"]`,
    );
    expect(hosts[connection.registry.host]).toContain(
      `server = "${connection.registry.address}"`,
    );
  });

  it('lets the kubelet answer on the bridge, to those who may ask', () => {
    expect(
      kubeletConfig(connection, {
        authority: '/ca',
        certificate: '/crt',
        key: '/key',
        podLogs: '/logs',
        volumePlugins: '/plugins',
      }),
    ).toMatchObject({
      address: '10.213.0.1',
      healthzBindAddress: '127.0.0.1',
      readOnlyPort: 0,
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: 'Webhook' },
      cgroupRoot: '/highroad-node',
    });
  });

  it.each([
    [true, false],
    [false, true],
  ])(
    'asks services under the machine’s address only where answers between pods bypass the firewall',
    (bridged, masqueradeAll) => {
      expect(kubeProxyConfig(connection, '/kubeconfig', bridged)).toMatchObject(
        {
          nodePortAddresses: ['10.213.0.1/32'],
          nftables: { masqueradeAll },
        },
      );
    },
  );

  it('asks the machine’s name servers for names outside, where it has any', () => {
    expect(corefile(connection, '/kubeconfig', '/etc/resolv.conf')).toContain(
      'forward . /etc/resolv.conf',
    );
    expect(corefile(connection, '/kubeconfig', undefined)).not.toContain(
      'forward',
    );
  });

  it('has one port for names in the name server, its Service and its EndpointSlice', () => {
    const port = /^\.:(\d+)/.exec(corefile(connection, '/k', undefined))?.[1];
    const [service, slice] = dnsObjects();
    expect(service).toHaveProperty('spec.ports.0.targetPort', Number(port));
    expect(slice).toHaveProperty('ports.0.port', Number(port));
    expect(slice).toHaveProperty('endpoints.0.addresses', ['10.213.0.1']);
  });

  it('lets the ingress listen on loopback alone', () => {
    const args = ingressArguments(connection, '/token');
    expect(args).toContain(`-address=127.0.0.1:${connection.ports.ingress}`);
    expect(args).toContain(
      `-support-listener=127.0.0.1:${connection.ports.ingressSupport}`,
    );
  });

  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [29, '0.29'],
    [100, '1.00'],
  ])('has the ingress give a canary %d% of the requests', (weight, share) => {
    expect(ingressArguments(connection, '/token')).toContain(
      `-kubernetes-annotation-predicates=nginx.ingress.kubernetes.io/canary-weight=${weight}=True() && TrafficSegment(0.0, ${share})`,
    );
  });
});
