import { Entity } from '@backstage/catalog-model';
import {
  mockApis,
  renderInTestApp,
  renderTestApp,
} from '@backstage/frontend-test-utils';
import { ExtensionDefinition } from '@backstage/frontend-plugin-api';
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
import { DeploymentsApi, deploymentsApiRef } from '../api';
import { entityRouteRef, rootRouteRef } from '../routes';
import { deployments } from './deployments';

/** Nobody may change this one; what one may do is remembered between tests, so it is another than the usual. */
export const FORBIDDEN = 'component:default/vault';

export function component(
  name: string,
  owner: string,
  system?: string,
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec: { type: 'service', lifecycle: 'production', owner, system },
  };
}

function catalogWith(options: { broken?: boolean }) {
  const catalog = catalogApiMock({
    entities: [
      component('cart', 'shop', 'storefront'),
      component('stock', 'warehouse'),
    ],
  });
  if (options.broken) {
    catalog.getEntitiesByRefs = async () => {
      throw new Error('The catalog is gone.');
    };
  }
  return catalog;
}

function apisWith(
  api: Partial<DeploymentsApi>,
  options: { brokenCatalog?: boolean; signals?: SignalApi } = {},
) {
  return [
    ...(options.signals ? [[signalApiRef, options.signals] as const] : []),
    [deploymentsApiRef, deployments(api)] as const,
    [catalogApiRef, catalogWith({ broken: options.brokenCatalog })] as const,
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
  api: Partial<DeploymentsApi>,
  options: { at?: string; brokenCatalog?: boolean; signals?: SignalApi } = {},
) {
  return renderInTestApp(
    <>
      {content}
      <Address />
    </>,
    {
      apis: [...apisWith(api, options)],
      initialRouteEntries: [options.at ?? '/'],
      mountedRoutes: {
        '/deployments': rootRouteRef,
        '/tab': entityRouteRef,
        '/catalog/:namespace/:kind/:name': catalogEntityRouteRef,
      },
    },
  );
}

/** Draws a tab or a card of a service, as the catalog does. */
export function showOnEntity(
  extension: ExtensionDefinition,
  api: Partial<DeploymentsApi>,
  entity: Entity = component('cart', 'shop'),
  options: { signals?: SignalApi } = {},
) {
  return renderTestApp({
    extensions: [createTestEntityPage({ entity }), extension],
    apis: [...apisWith(api, options)],
    mountedRoutes: { '/deployments': rootRouteRef },
  });
}
