import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  entityRouteRef as catalogEntityRouteRef,
} from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  LentKey,
  Rotation,
  Secret,
  SecretSync,
  UnseenKey,
} from '@highroad/plugin-secrets-common';
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

/** What must stand nowhere. */
export const VALUE = 'sk-marker-4711';

/** Where the portal shows a page of the runbooks. */
export const runbook = (name: string) =>
  `/docs/default/component/highroad/runbooks/${name}/`;

/** An api that lists these keys. */
export const listed = (
  items = [secret()],
  sync: SecretSync[] = [],
  lent: LentKey[] = [],
  unseen: UnseenKey[] = [],
  provided: string[] = [],
) => ({
  list: jest.fn(async () => ({
    environments: ENVIRONMENTS,
    ...{ items, sync, lent, unseen, provided },
  })),
  rotations: jest.fn(async () => ({ items: [] as Rotation[] })),
});

export const rotation = (more: Partial<Rotation> = {}): Rotation => ({
  ...{ environment: 'staging', key: 'API_KEY', everyDays: 30 },
  ...{ timeZone: 'UTC', generator: 'random', settings: {}, overlapHours: 24 },
  ...{ dueAt: new Date(Date.now() + 5.5 * 86_400_000).toISOString() },
  overdue: false,
  ...more,
});

/** Chooses from the menu of a key. */
export const choose = async (deed: string, at = 'API_KEY in staging') => {
  await userEvent.click(
    await screen.findByRole('button', { name: `What to do with ${at}` }),
  );
  await userEvent.click(await screen.findByRole('menuitem', { name: deed }));
};

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
