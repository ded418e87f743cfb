import { Deployment } from '@highroad/plugin-deployments-common';
import { SecretReferences } from './SecretReferences';

const CART = 'component:default/cart';
const manifests = (key: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart }
spec:
  template:
    spec:
      containers:
        - name: cart
          image: x
          env:
            - name: A
              valueFrom: { secretKeyRef: { name: cart, key: ${key} } }
          envFrom:
            - secretRef: { name: shared, optional: true }
`;

const kept = (digests: string[]) =>
  new Map(digests.map(digest => [digest, manifests(digest)]));

/** As a dry run, or a deployment that was refused, found it. */
const looked = (
  service: string,
  environment: string,
  version: string,
  at: string,
) => ({
  ...{ service, environment, version, at },
  references: [
    {
      ...{ object: 'Deployment cart', secret: 'cart', key: 'LATER' },
      optional: false,
    },
  ],
});

const nothing = async () => ({ services: [], looks: [] });

describe('SecretReferences', () => {
  it('tells what the newest manifests of each environment refer to, of what failed too', async () => {
    const of = (more: Partial<Deployment>) =>
      ({ id: more.version, service: CART, ...more } as Deployment);
    const asked: string[][] = [];
    const references = new SecretReferences({
      now: () => new Date('2026-01-05T12:00'),
      checked: {
        page: nothing,
        of: async service => [
          looked(service, 'staging', '1.0.9', '2026-01-01T12:00'),
          looked(service, 'production', '1.2', '2026-01-05'),
          looked(service, 'qa', '1.2', '2026-01-05'),
        ],
      },
      manifests: {
        async texts(digests) {
          asked.push(digests);
          return kept(digests);
        },
      },
      reader: {
        some: async () => [],
        status: async () => [
          of({
            ...{ environment: 'staging', version: '1.0' },
            ...{ requestedAt: '2026-01-01', manifestsDigest: 'OLD' },
          }),
          of({
            ...{ environment: 'staging', version: '1.1' },
            ...{ requestedAt: '2026-01-02', manifestsDigest: 'NEW' },
          }),
          of({
            ...{ environment: 'staging', version: '1.2' },
            requestedAt: '2026-01-03',
          }),
          of({
            ...{ environment: 'production', version: '1.0' },
            ...{ requestedAt: '2026-01-01', manifestsDigest: 'OLD' },
          }),
        ],
      },
    });
    const found = await references.of(CART);
    // However many environments there are.
    expect(asked).toEqual([['NEW', 'OLD']]);
    expect(
      found.map(one => [one.environment, one.version, one.references]),
    ).toEqual([
      [
        ...['staging', '1.1'],
        [
          {
            ...{ object: 'Deployment cart', secret: 'cart', key: 'NEW' },
            optional: false,
          },
          { object: 'Deployment cart', secret: 'shared', optional: true },
        ],
      ],
      [
        ...['production', '1.0'],
        [
          expect.objectContaining({ key: 'OLD' }),
          expect.objectContaining({ secret: 'shared' }),
        ],
      ],
      // What was looked at since, and where nothing was deployed yet.
      ['production', '1.2', [expect.objectContaining({ key: 'LATER' })]],
      ['qa', '1.2', [expect.objectContaining({ key: 'LATER' })]],
    ]);
    expect(found.map(({ checked }) => checked)).toEqual([
      ...[undefined, undefined, true, true],
    ]);
  });

  describe('of what was looked at before a deployment', () => {
    const deployment = (id: string, requestedAt: string, digest?: string) =>
      ({
        ...{ id, service: CART, environment: 'staging', version: id },
        ...{ requestedAt, ...(digest && { manifestsDigest: digest }) },
      } as Deployment);
    const found = async (options: {
      deployments: Deployment[];
      looks: Array<{ version: string; at: string; deployment?: string }>;
      now: string;
    }) => {
      const references = new SecretReferences({
        now: () => new Date(options.now),
        checked: {
          page: nothing,
          of: async service =>
            options.looks.map(({ version, at, deployment: id }) => ({
              ...looked(service, 'staging', version, at),
              ...(id && { deployment: id }),
            })),
        },
        manifests: { texts: async digests => kept(digests) },
        reader: {
          some: async ids =>
            options.deployments.filter(({ id }) => ids.includes(id)),
          status: async () => options.deployments.slice(-1),
        },
      });
      const all = await references.of(CART);
      return all.map(
        ({ version, checked }) => `${version}${checked ? ' looked at' : ''}`,
      );
    };
    const minute = (at: number) => `2026-01-01T12:0${at}:00.000Z`;

    it('tells nothing twice: each is looked at, also one that is deployed', async () => {
      const looks = [{ version: 'd1', at: minute(1), deployment: 'd1' }];
      expect(
        await found({
          ...{ looks, now: minute(2) },
          deployments: [deployment('d1', minute(0), 'NEW')],
        }),
      ).toEqual(['d1']);
      // Nor where another was asked for since, which is not looked at yet.
      expect(
        await found({
          ...{ looks, now: minute(2) },
          deployments: [
            deployment('d1', minute(0), 'NEW'),
            deployment('d2', minute(2)),
          ],
        }),
      ).toEqual(['d1']);
    });

    it('tells of one that was refused, until a newer one is deployed', async () => {
      const first = deployment('d1', minute(0), 'NEW');
      const refused = deployment('d2', minute(1));
      const looks = [{ version: 'd2', at: minute(2), deployment: 'd2' }];
      const now = minute(5);
      expect(
        await found({ looks, now, deployments: [first, refused] }),
      ).toEqual(['d2 looked at']);
      expect(
        await found({
          ...{ looks, now },
          deployments: [refused, deployment('d3', minute(3), 'NEW')],
        }),
      ).toEqual(['d3']);
    });

    it('goes by a dry run for a day, and then by what was deployed or refused again', async () => {
      const deployments = [deployment('d1', minute(0))];
      const looks = [
        { version: 'd1', at: minute(1), deployment: 'd1' },
        { version: 'older', at: minute(2) },
      ];
      expect(await found({ deployments, looks, now: minute(3) })).toEqual([
        'older looked at',
      ]);
      const later = '2026-01-02T12:03:00.000Z';
      expect(await found({ deployments, looks, now: later })).toEqual([
        'd1 looked at',
      ]);
      // There is nothing else to go by.
      expect(
        await found({ deployments: [], looks: looks.slice(1), now: later }),
      ).toEqual(['older looked at']);
    });
  });

  it('tells of all services what was kept of looks, without a manifest, page by page', async () => {
    const OTHER = 'component:default/other';
    const look = (more: object) => ({
      ...looked(CART, 'staging', '1', '2026-01-04T12:00:00.000Z'),
      ...{ deployed: false, ...more },
    });
    const page = jest.fn(async () => ({
      services: [CART, OTHER],
      looks: [
        look({ deployment: 'd1', deployed: true }),
        // Older than what was deployed, and of yesterday.
        look({ version: '0', at: '2026-01-03T12:00:00.000Z' }),
        look({ environment: 'qa', deployment: 'd2', version: '2' }),
        look({
          ...{ environment: 'qa', version: '3' },
          at: '2026-01-05T11:00:00.000Z',
        }),
        look({ service: OTHER, version: 'dry', at: '2026-01-01' }),
      ],
    }));
    const references = new SecretReferences({
      now: () => new Date('2026-01-05T12:00:00.000Z'),
      checked: { of: async () => [], page },
      manifests: {
        texts: async () => {
          throw new Error('No manifest is read.');
        },
      },
      reader: { some: async () => [], status: async () => [] },
    });
    const { items, next } = await references.all({ after: '', limit: 2 });
    expect(next).toBe(OTHER);
    expect(page).toHaveBeenCalledWith({ after: '', limit: 2 });
    expect(
      items.map(one => [
        one.service,
        ...one.references.map(
          ({ environment, version, checked }) =>
            `${version} in ${environment}${checked ? ', looked at' : ''}`,
        ),
      ]),
    ).toEqual([
      [CART, '1 in staging', '2 in qa, looked at', '3 in qa, looked at'],
      // There is nothing else to go by.
      [OTHER, 'dry in staging, looked at'],
    ]);
    expect(await references.all({ after: OTHER, limit: 3 })).not.toHaveProperty(
      'next',
    );
  });
});
