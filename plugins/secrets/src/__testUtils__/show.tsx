import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  entityRouteRef as catalogEntityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Secret } from '@highroad/plugin-secrets-common';
import { ReactElement } from 'react';
import { SecretsApi, secretsApiRef } from '../api';

export const CART = 'component:default/cart';
/** Nobody may change this one. */
export const FORBIDDEN = 'component:default/vault';
export const ENVIRONMENTS = [
  { name: 'staging', production: false },
  { name: 'production', production: true },
];

export function secret(more: Partial<Secret> = {}): Secret {
  return {
    ...{ service: CART, environment: 'staging', key: 'API_KEY', version: 3 },
    ...{ state: 'set', updatedAt: '2026-05-01T10:00:00.000Z', sync: 'synced' },
    updatedBy: 'user:default/mona',
    ...more,
  };
}

type Compared = { from: string; to: string };

/** Draws something with an api that answers as the test says. */
export function show(
  content: ReactElement,
  api: Partial<SecretsApi>,
  options: { at?: string } = {},
) {
  const unexpected = async (): Promise<never> => {
    throw new Error('The test does not say what is answered to this.');
  };
  const whole = new Proxy(
    {
      uses: async () => [],
      diff: async ({ from, to }: Compared) => ({ from, to, items: [] }),
      diffProduction: async ({ from, to }: Compared) => ({
        ...{ from, to, items: [] },
      }),
      ...api,
    },
    {
      get: (target, name) => Reflect.get(target, name) ?? unexpected,
    },
  ) as SecretsApi;
  return renderInTestApp(content, {
    apis: [
      [secretsApiRef, whole],
      [
        catalogApiRef,
        catalogApiMock({
          entities: [
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Component',
              metadata: { name: 'cart', namespace: 'default' },
            },
          ],
        }),
      ],
      mockApis.permission({
        authorize: ({ resourceRef }: { resourceRef?: string }) =>
          resourceRef === FORBIDDEN
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
      }),
    ],
    initialRouteEntries: [options.at ?? '/'],
    mountedRoutes: {
      '/catalog/:namespace/:kind/:name': catalogEntityRouteRef,
    },
  });
}
