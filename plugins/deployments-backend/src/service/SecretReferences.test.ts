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

describe('SecretReferences', () => {
  it('tells what the newest manifests of each environment refer to, of what failed too', async () => {
    const of = (more: Partial<Deployment>) =>
      ({ id: more.version, service: CART, ...more } as Deployment);
    const references = new SecretReferences({
      checked: {
        of: async service => [
          looked(service, 'staging', '1.0.9', '2026-01-01T12:00'),
          looked(service, 'production', '1.2', '2026-01-05'),
          looked(service, 'qa', '1.2', '2026-01-05'),
        ],
      },
      manifests: { text: async digest => manifests(digest) },
      reader: {
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
});
