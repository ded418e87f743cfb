import { Entity } from '@backstage/catalog-model';
import {
  CatalogPlatformApi,
  DependencyAnswer,
  DependencyItem,
  Finding,
} from '@highroad/plugin-catalog-platform-common';

export const userService: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'user-service', title: 'User service' },
  spec: { type: 'service', lifecycle: 'production', owner: 'identity-team' },
};

export function item(
  name: string,
  path: string[],
  rest: Partial<DependencyItem> = {},
): DependencyItem {
  return {
    ref: `component:default/${name}`,
    kind: 'Component',
    name,
    title: name,
    type: 'service',
    owner: 'group:default/payments-team',
    lifecycle: 'production',
    depth: path.length,
    path: path.map(step => ({
      ref: `component:default/${step}`,
      relation: 'dependencyOf',
    })),
    pathCount: 1,
    ...rest,
  };
}

export function answerWith(
  items: DependencyItem[],
  rest: Partial<DependencyAnswer> = {},
): DependencyAnswer {
  return {
    root: {
      ref: 'component:default/user-service',
      kind: 'Component',
      name: 'user-service',
      title: 'User service',
    },
    direction: 'dependents',
    depth: 4,
    lifecycle: [],
    items,
    passed: [],
    edges: items.map(({ ref, path }) => ({
      from: path.at(-2)?.ref ?? 'component:default/user-service',
      to: ref,
      relation: 'dependencyOf',
    })),
    unresolved: [],
    lifecycles: [{ lifecycle: 'production', count: items.length }],
    deeper: false,
    truncated: false,
    ...rest,
  };
}

export const badId: Finding = {
  rule: 'pagerduty-service-id',
  level: 'warning',
  file: 'https://github.com/acme/shop/blob/main/catalog-info.yaml',
  field: 'metadata.annotations.pagerduty.com/service-id',
  found: 'payments',
  message: 'This is not the id of a PagerDuty service.',
  fix: 'Write "PX3YZ12".',
};

export const noOwner: Finding = {
  rule: 'owner-missing',
  level: 'error',
  file: '/srv/catalog/warehouse.yaml',
  field: 'spec.owner',
  found: 'group:default/warehouse-team',
  message: 'Nobody answers for it.',
  fix: 'Name a group that exists.',
};

/** An API of which each test says what it answers; anything else fails the test. */
export function apiWith(
  answers: Partial<CatalogPlatformApi>,
): CatalogPlatformApi {
  const unexpected = (name: string) => async () => {
    throw new Error(`This test did not expect ${name} to be called`);
  };
  return {
    dependents: unexpected('dependents'),
    findings: unexpected('findings'),
    entityFindings: unexpected('entityFindings'),
    ...answers,
  };
}
