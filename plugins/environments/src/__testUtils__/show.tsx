import { Entity } from '@backstage/catalog-model';
import { ExtensionDefinition } from '@backstage/frontend-plugin-api';
import {
  mockApis,
  renderInTestApp,
  renderTestApp,
} from '@backstage/frontend-test-utils';
import {
  catalogApiRef,
  entityRouteRef as catalogEntityRouteRef,
} from '@backstage/plugin-catalog-react';
import {
  catalogApiMock,
  createTestEntityPage,
} from '@backstage/plugin-catalog-react/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import { ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import { EnvironmentsApi, environmentsApiRef } from '../api';
import { rootRouteRef } from '../routes';

/** Nobody may change what this group owns. */
export const FORBIDDEN = 'group:default/vault';

export const CART: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    ...{ name: 'cart', namespace: 'default' },
    annotations: {
      'platform.myorg.com/image': 'registry.test/cart',
      'backstage.io/managed-by-location':
        'url:https://git.test/acme/cart/src/branch/main/catalog-info.yaml',
    },
  },
  spec: { type: 'service', owner: 'shop', lifecycle: 'production' },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/shop' }],
};

function apisWith(api: Partial<EnvironmentsApi>, signals?: SignalApi) {
  const unexpected = async (): Promise<never> => {
    throw new Error('The test does not say what is answered to this.');
  };
  // Unless the test is about it, nothing is left of environments that are gone, and nothing is deployed.
  const known = {
    orphans: async () => ({ items: [], databases: [], problems: [] }),
    runs: async () => [],
    ...api,
  };
  const whole = new Proxy(known, {
    get: (target, name) => Reflect.get(target, name) ?? unexpected,
  }) as EnvironmentsApi;
  return [
    ...(signals ? [[signalApiRef, signals] as const] : []),
    [environmentsApiRef, whole] as const,
    [catalogApiRef, catalogApiMock({ entities: [CART] })] as const,
    mockApis.identity({
      userEntityRef: 'user:default/mona',
      ownershipEntityRefs: ['user:default/mona', 'group:default/shop'],
    }),
    mockApis.permission({
      authorize: ({ resourceRef }: { resourceRef?: string }) =>
        resourceRef === FORBIDDEN
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
    }),
  ] as const;
}

function Address() {
  const { pathname, search } = useLocation();
  return <output aria-label="Address">{`${pathname}${search}`}</output>;
}

/** Draws something with an api that answers as the test says, and the address beside it. */
export function show(
  content: ReactNode,
  api: Partial<EnvironmentsApi>,
  options: { at?: string; signals?: SignalApi } = {},
) {
  return renderInTestApp(
    <>
      {content}
      <Address />
    </>,
    {
      apis: [...apisWith(api, options.signals)],
      initialRouteEntries: [options.at ?? '/'],
      mountedRoutes: {
        '/environments': rootRouteRef,
        '/catalog/:namespace/:kind/:name': catalogEntityRouteRef,
      },
    },
  );
}

/** Draws a tab of a service, as the catalog does. */
export function showOnEntity(
  extension: ExtensionDefinition,
  api: Partial<EnvironmentsApi>,
) {
  return renderTestApp({
    extensions: [createTestEntityPage({ entity: CART }), extension],
    apis: [...apisWith(api)],
    mountedRoutes: { '/environments': rootRouteRef },
  });
}
