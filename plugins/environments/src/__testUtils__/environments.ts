import {
  Environment,
  EnvironmentDetail,
  environmentStatusSchema,
  EnvironmentStatusInput,
} from '@highroad/plugin-environments-common';

export const inHours = (hours: number) =>
  new Date(Date.now() + hours * 3_600_000).toISOString();

/** A preview of the reader's team that is ready. */
export function environment(more: Partial<Environment> = {}): Environment {
  return {
    ...{ name: 'cart-try', home: 'environments', phase: 'ready' },
    ...{ message: 'It is ready.', owner: 'group:default/shop' },
    url: 'https://cart-try.previews.test',
    services: [{ name: 'cart', image: 'myorg/cart:1' }],
    ...{ createdAt: inHours(-26), expiresAt: inHours(50.5) },
    ...{ kept: false, warnings: [], namespace: 'env-cart-try' },
    ...more,
  };
}

/** With all that its page shows. */
export function detail(
  more: Partial<EnvironmentDetail> = {},
  status: EnvironmentStatusInput = {},
): EnvironmentDetail {
  return {
    ...environment(),
    ...{ manifest: 'kind: Environment\n', resourceVersion: '1', generation: 1 },
    status: environmentStatusSchema.parse({
      services: [
        {
          ...{ name: 'cart', image: 'myorg/cart:1', state: 'ready' },
          ...{ ready: 1, replicas: 1, url: 'https://cart-try.previews.test' },
        },
      ],
      databases: [
        {
          ...{ name: 'main', type: 'postgres', driver: 'server' },
          ...{ state: 'ready', seed: { path: 'demo.sql', state: 'applied' } },
        },
      ],
      conditions: [
        {
          ...{ type: 'DatabasesReady', status: 'True', reason: 'Ready' },
          message: 'All are seeded.',
          lastTransitionTime: inHours(-2),
        },
        {
          ...{ type: 'ServicesReady', status: 'False', reason: 'Starting' },
          message: 'cart has not started.',
          lastTransitionTime: inHours(-1),
        },
      ],
      ...status,
    }),
    ...more,
  };
}
