import { KubernetesObject } from './KubernetesObject';
import { neededSecrets } from './neededSecrets';

const deployment = (spec: object): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: { template: { spec } },
});
const secret = (name: string, rest: object = {}) => ({ name, ...rest });

describe('neededSecrets', () => {
  it('finds what containers read into their environment, also those that run before', () => {
    const url = { secretKeyRef: secret('cart', { key: 'DATABASE_URL' }) };
    expect(
      neededSecrets([
        deployment({
          initContainers: [
            { name: 'migrate', env: [{ name: 'URL', valueFrom: url }] },
          ],
          containers: [
            {
              name: 'cart',
              env: [
                { name: 'DATABASE_URL', valueFrom: url },
                { name: 'PORT', value: '8080' },
              ],
              envFrom: [{ secretRef: secret('shared') }],
            },
          ],
        }),
      ]),
    ).toEqual([
      { object: 'Deployment cart', secret: 'cart', key: 'DATABASE_URL' },
      { object: 'Deployment cart', secret: 'shared' },
    ]);
  });

  it('finds what is mounted, whole or by key', () => {
    expect(
      neededSecrets([
        deployment({
          containers: [{ name: 'cart' }],
          volumes: [
            { name: 'a', secret: { secretName: 'certificate' } },
            {
              name: 'b',
              projected: {
                sources: [
                  {
                    secret: secret('cart', {
                      items: [{ key: 'KEY', path: 'key' }],
                    }),
                  },
                  { configMap: { name: 'settings' } },
                ],
              },
            },
            { name: 'c', emptyDir: {} },
          ],
        }),
      ]),
    ).toEqual([
      { object: 'Deployment cart', secret: 'certificate' },
      { object: 'Deployment cart', secret: 'cart', key: 'KEY' },
    ]);
  });

  it('leaves out what may be missing, and objects without pods', () => {
    const optional = { optional: true };
    expect(
      neededSecrets([
        { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart' } },
        deployment({
          containers: [
            {
              name: 'cart',
              env: [
                {
                  name: 'A',
                  valueFrom: {
                    secretKeyRef: secret('cart', { key: 'A', ...optional }),
                  },
                },
              ],
              envFrom: [{ secretRef: secret('shared', optional) }],
            },
          ],
          volumes: [
            { name: 'a', secret: { secretName: 'certificate', ...optional } },
          ],
        }),
      ]),
    ).toEqual([]);
  });
});
