import {
  Deployment,
  DeploymentDetail,
  StandingEnvironment,
} from '@highroad/plugin-deployments-common';
import { DeploymentsApi } from '../api';

export const VERSION_OF_COMMIT = '94c19f57e81b9ea261cb89c41a8cf63c8be71be9';

export const idOf = (number: number) =>
  `01a211d2-c76e-76b8-9c50-${String(number).padStart(12, '0')}`;

export const ago = (seconds: number) =>
  new Date(Date.now() - seconds * 1000).toISOString();

/** One that went well, two minutes ago. */
export function deployment(rest: Partial<Deployment> = {}): Deployment {
  return {
    id: idOf(1),
    kind: 'deploy',
    service: 'component:default/cart',
    environment: 'staging',
    version: '1.4.2',
    image: 'registry.example.com/shop/cart',
    digest: `sha256:${'ab'.repeat(32)}`,
    commit: VERSION_OF_COMMIT,
    strategy: 'rolling',
    state: 'succeeded',
    summary: '1.4.2 runs in staging',
    progress: { wanted: 2, updated: 2, ready: 2, paused: false },
    requestedBy: 'user:default/jonas.lind',
    door: 'cli',
    correlation: 'trip-000001',
    manifestsDigest: 'cd'.repeat(32),
    requestedAt: ago(150),
    endedAt: ago(120),
    revision: 9,
    ...rest,
  };
}

export function detail(rest: Partial<DeploymentDetail> = {}): DeploymentDetail {
  return { ...deployment(rest), steps: rest.steps ?? [] };
}

export function environment(
  name: string,
  rest: Partial<StandingEnvironment> = {},
): StandingEnvironment {
  return {
    name,
    tier: name,
    cluster: 'sandbox',
    production: name === 'production',
    approval: false,
    ...rest,
  };
}

const never = () => new Promise<never>(() => {});

/** Two environments with nothing in them, but for what the test says. */
export function deployments(
  rest: Partial<DeploymentsApi> = {},
): DeploymentsApi {
  return {
    environments: async () => ({
      items: [environment('staging'), environment('production')],
    }),
    status: async () => ({ items: [] }),
    board: async () => ({ environments: [], services: {} }),
    diagnose: never,
    pods: never,
    list: async () => ({ items: [] }),
    versions: async () => ({
      image: 'registry.example.com/shop/cart',
      items: [],
      more: false,
    }),
    preview: never,
    previews: async () => ({ items: [], standing: [] }),
    deviations: async () => ({ items: [] }),
    addDeviation: never,
    endDeviation: never,
    get: never,
    deploy: never,
    promote: never,
    rollback: never,
    rollbackTargets: never,
    cancel: never,
    approve: never,
    steer: never,
    manifests: never,
    secretReferences: async () => ({ items: [] }),
    secretNeeds: async () => ({ items: [] }),
    ...rest,
  };
}
