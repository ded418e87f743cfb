import { Entity } from '@backstage/catalog-model';
import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import {
  scaffolderApiRef,
  ScaffolderTask,
} from '@backstage/plugin-scaffolder-react';
import { catalogPlatformApiRef } from '@highroad/plugin-catalog-platform';
import {
  CatalogPlatformApi,
  FindingsAnswer,
} from '@highroad/plugin-catalog-platform-common';
import {
  DeploymentsApi,
  deploymentsApiRef,
} from '@highroad/plugin-deployments';
import { sandboxApiRef } from '@highroad/plugin-sandbox';
import { SandboxAnswer, SandboxStatus } from '@highroad/plugin-sandbox-common';
import { NeedsSource } from '@highroad/plugin-platform-react';
import { HomePage } from '../HomePage';
import { ownSources } from '../sources';

export const TEAM = 'group:default/shop-team';

/** A component of the reader's team, or of another owner. */
export function component(name: string, owner = TEAM): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default' },
    spec: { type: 'service', lifecycle: 'production', owner },
    relations: [{ type: 'ownedBy', targetRef: owner }],
  };
}

export function failedTask(name: string, createdAt: string): ScaffolderTask {
  return {
    id: `task-of-${name}`,
    status: 'failed',
    createdAt,
    lastHeartbeatAt: createdAt,
    spec: {
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      parameters: { name },
      steps: [],
      output: {},
    },
  };
}

/** Findings about components of the reader's team. */
export function findings(...names: string[]): FindingsAnswer {
  return {
    owners: [
      {
        owner: TEAM,
        ownerExists: true,
        entities: names.map(name => ({
          ref: `component:default/${name}`,
          title: name,
          kind: 'Component',
          findings: [
            {
              rule: 'pagerduty-service-id',
              level: 'warning',
              file: 'catalog-info.yaml',
              field: 'metadata.annotations.pagerduty.com/service-id',
              found: 'x',
              message: 'This is not the id of a PagerDuty service.',
              fix: 'Write "PX3YZ12".',
            },
          ],
        })),
      },
    ],
    total: names.length,
    truncated: false,
    checkedAt: '2026-02-10T12:00:00Z',
  };
}

/** A sandbox that runs, in a state. */
export function sandbox(status: Partial<SandboxStatus>): SandboxAnswer {
  return {
    connected: 'running',
    status: {
      revision: 1,
      state: 'answering',
      startedAt: '2026-02-10T12:00:00Z',
      node: { kind: 'simulated', why: 'It was asked for.' },
      programs: [],
      servers: [],
      ...status,
    },
    access: {
      directory: '/srv/sandbox',
      connectionFile: '/srv/sandbox/connection.json',
      kubeconfig: '/srv/sandbox/run/kubeconfig',
      ingressDomain: 'sandbox.localhost',
      ingressAddress: 'http://127.0.0.1:8088',
      registry: '127.0.0.1:15000',
    },
  };
}

function deploymentsOf(running: Record<string, string>): DeploymentsApi {
  const status: DeploymentsApi['status'] = async ({ service }) => ({
    items: (service ?? []).flatMap(ref => {
      const version = running[ref.replace(/.*\//, '')];
      if (!version) return [];
      const place = { service: ref, environment: 'staging' };
      return [
        {
          ...place,
          running: {
            ...{ ...place, id: '1', kind: 'deploy' as const, version },
            ...{ image: 'x', state: 'succeeded' as const, summary: '' },
            ...{ requestedBy: 'user:default/ada', door: 'cli' as const },
            ...{ correlation: '', requestedAt: '2026-02-10T12:00:00Z' },
            revision: 1,
          },
        },
      ];
    }),
  });
  return new Proxy({ status } as DeploymentsApi, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (async () => {
        throw new Error('This test did not expect a call');
      }),
  });
}

/** Shows the home page to a member of the team; what a test does not say is empty. */
export function showHome(
  portal: {
    displayName?: string;
    tasks?: () => Promise<{ tasks: ScaffolderTask[] }>;
    findings?: CatalogPlatformApi['findings'];
    entities?: Entity[];
    catalogError?: Error;
    /** What runs in staging, by the name of the service */
    running?: Record<string, string>;
    /** What domains add */
    sources?: NeedsSource[];
    sandbox?: (after?: number) => Promise<SandboxAnswer>;
  } = {},
) {
  const unexpected = async () => {
    throw new Error('This test did not expect a call');
  };
  const listTasks = portal.tasks ?? (async () => ({ tasks: [] }));
  const catalog = catalogApiMock({ entities: portal.entities ?? [] });
  if (portal.catalogError) {
    jest.spyOn(catalog, 'queryEntities').mockRejectedValue(portal.catalogError);
  }
  const sandboxApi: typeof sandboxApiRef.T = {
    status: ({ after } = {}) =>
      portal.sandbox
        ? portal.sandbox(after)
        : Promise.resolve({ connected: 'no', how: 'npm start' }),
    log: unexpected,
    builds: unexpected,
    build: unexpected,
    buildLog: unexpected,
  };
  renderInTestApp(
    <HomePage sources={[...(portal.sources ?? []), ...ownSources]} />,
    {
      apis: [
        mockApis.identity({
          userEntityRef: 'user:default/ada',
          ownershipEntityRefs: ['user:default/ada', TEAM],
          displayName: portal.displayName,
        }),
        [catalogApiRef, catalog],
        [deploymentsApiRef, deploymentsOf(portal.running ?? {})],
        [sandboxApiRef, sandboxApi],
        [
          catalogPlatformApiRef,
          {
            dependents: unexpected,
            entityFindings: unexpected,
            findings: portal.findings ?? (async () => findings()),
          },
        ],
        [
          scaffolderApiRef,
          {
            getTemplateParameterSchema: unexpected,
            scaffold: unexpected,
            getTask: unexpected,
            listActions: unexpected,
            getIntegrationsList: unexpected,
            streamLogs: () => {
              throw new Error('This test did not expect a call');
            },
            listTasks: async () => ({
              ...(await listTasks()),
              totalTasks: 0,
            }),
          },
        ],
      ],
    },
  );
}
