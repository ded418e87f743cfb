import { Diagnosis } from '@highroad/plugin-deployments-common';
import { ago } from './deployments';

/** Of a service that is well and of which nothing else is known. */
export function diagnosis(rest: Partial<Diagnosis> = {}): Diagnosis {
  return {
    service: 'component:default/cart',
    environment: 'staging',
    namespace: 'cart-staging',
    at: ago(0),
    verdict: {
      health: 'healthy',
      cause: 'none',
      summary: 'All pods are ready.',
    },
    pods: { known: true, items: [] },
    events: { known: true, items: [] },
    alerts: { known: true, items: [] },
    changes: [],
    onCall: { known: true, items: [] },
    log: { known: true, items: [] },
    ...rest,
  };
}
