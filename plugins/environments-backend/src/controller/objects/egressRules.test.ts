import { environmentManifestSchema } from '@highroad/plugin-environments-common';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { egressRules } from './egressRules';

const server = { host: 'db.corp', user: 'environments', password: 'x' };

function rules(settings: object, databases: object[] = []) {
  const { spec } = environmentManifestSchema.parse({
    apiVersion: 'platform.myorg.com/v1',
    kind: 'Environment',
    metadata: { name: 'demo' },
    spec: {
      type: 'preview',
      services: [{ name: 'api', image: 'api:1' }],
      databases,
    },
  });
  return egressRules({ spec, settings: parsePreviewSettings(settings) });
}

describe('what an environment reaches', () => {
  it('is itself and the name servers, and nothing else where nothing is configured', () => {
    const found = rules({ databases: { server } });
    expect(found).toHaveLength(2);
    expect(found[0]).toEqual({ to: [{ podSelector: {} }] });
    expect(found[1]).toMatchObject({
      ports: [{ port: 53 }, { port: 53 }],
    });
  });

  it.each([
    [
      { ...server, hostFromPods: '10.1.2.3', portFromPods: 6432 },
      { to: [{ ipBlock: { cidr: '10.1.2.3/32' } }], ports: [{ port: 6432 }] },
    ],
    [
      { ...server, host: 'fd00::1' },
      { to: [{ ipBlock: { cidr: 'fd00::1/128' } }], ports: [{ port: 5432 }] },
    ],
    [server, { ports: [{ port: 5432 }] }],
  ])('is its database as well, if it has one: %j', (at, rule) => {
    const found = rules({ databases: { server: at } }, [{ type: 'postgres' }]);
    expect(found).toHaveLength(3);
    expect(found[2]).toMatchObject(rule);
  });

  it('is what the configuration names', () => {
    const found = rules({
      egress: [
        { cidr: '10.0.0.0/8', ports: [443] },
        { namespace: 'openshift-dns' },
      ],
    });
    expect(found.slice(2)).toEqual([
      {
        to: [{ ipBlock: { cidr: '10.0.0.0/8' } }],
        ports: [{ protocol: 'TCP', port: 443 }],
      },
      {
        to: [
          {
            namespaceSelector: {
              matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' },
            },
          },
        ],
      },
    ]);
  });

  it.each([
    ['0.0.0.0/0', ['169.254.0.0/16']],
    ['128.0.0.0/1', ['169.254.0.0/16']],
    ['::/0', ['fe80::/10', 'fd00:ec2::254/128']],
    ['10.0.0.0/8', undefined],
    ['169.254.169.254/32', undefined],
  ])(
    'is not what a machine is told about itself, in %s, unless that is named',
    (cidr, except) => {
      const [rule] = rules({ egress: [{ cidr }] }).slice(2);
      expect(rule).toEqual({
        to: [{ ipBlock: { cidr, ...(except && { except }) } }],
      });
    },
  );

  it.each([
    { egress: [{ cidr: 'example.com' }] },
    { egress: [{ ports: [443] }] },
    { egress: [{ cidr: '10.0.0.0/8', namespace: 'shop' }] },
  ])('is not what no policy can say: %j', settings => {
    expect(() => parsePreviewSettings(settings)).toThrow();
  });
});
