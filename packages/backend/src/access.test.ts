import { auditOperations, whatText } from '@highroad/plugin-audit-common';
import { operationRequest } from '@highroad/plugin-platform-common';
import { OPENAPI_PATH } from '@highroad/plugin-platform-node';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ClusterWithEnvironment,
  startClusterWithEnvironment,
} from './__testUtils__/clusterWithEnvironment';
import { AccessWalk, nameOf } from './__testUtils__/access/AccessWalk';
import { readAccessTable } from './__testUtils__/access/accessTable';
import {
  accessConfig,
  ADMIN,
  OTHER_SERVICE,
  OWNER,
  SERVICE,
  TOKENS,
  UNKNOWN_TOKEN,
} from './__testUtils__/access/callers';
import {
  ENVIRONMENT,
  inputsFor,
  Made,
  place,
} from './__testUtils__/access/inputs';
import {
  NO_CLUSTER,
  startWholeBackend,
  WholeBackend,
} from './__testUtils__/wholeBackend';

/**
 * What those who may do something are told where it cannot be done here, by operation or by plugin. Whoever may not is
 * never told so.
 */
const CANNOT_BE_DONE: Record<string, RegExp> = {
  'deployments.approve': /does not wait for an approval|asked for it yourself/,
  'deployments.cancel': /there is nothing to cancel/,
  'deployments.deploy': /is being deployed to staging/,
  'deployments.deviation-add': /is lifted there already/,
  'deployments.deviation-end': /was ended already/,
  'deployments.manifests': /has no manifests yet/,
  'deployments.promote': /there is nothing to promote/,
  'deployments.rollback': /Nothing to roll back/,
  'deployments.steer': /There is nothing to pause/,
  'environments.bring-pull-request':
    /No Git host is connected for pull requests/,
  'environments.open-pull-requests':
    /No Git host is connected for pull requests/,
  'environments.preview-pull-request':
    /No Git host is connected for pull requests/,
  'environments.remove-orphan': /is not what is left of an environment/,
  'environments.remove-orphan-databases': /No databases are left/,
  'local-repositories': /No repositories are kept on this machine/,
  'metrics.dismiss': /There is no event .* in the quarantine/,
  'metrics.example-load': /There is no example history/,
  'metrics.survey-answer': /ballot: take it from what you were asked with/,
  sandbox: /No sandbox is connected/,
  'scaffolder.name-check': /No Git host is connected/,
  'scaffolder.preview': /There is no template template:default\/none/,
  secrets: /No Vault is connected/,
  'secrets.end-rotation': /is not replaced by itself/,
};
/** The actions that Backstage's own plugins bring with them. */
const UPSTREAM_ACTIONS = [
  'catalog:get-catalog-entity',
  'catalog:get-catalog-model-description',
  'catalog:query-catalog-entities',
  'catalog:refresh-catalog-entity',
  'catalog:register-entity',
  'catalog:unregister-entity',
  'catalog:validate-entity',
  'scaffolder:dry-run-template',
  'scaffolder:execute-template',
  'scaffolder:get-scaffolder-task-logs',
  'scaffolder:list-scaffolder-actions',
  'scaffolder:list-scaffolder-tasks',
];

/** What Backstage's Kubernetes plugin serves, and the guard of ours that stands in front of its proxy. */
const KUBERNETES_ROUTES = [
  ...['ANY /api/kubernetes/proxy', 'ANY /api/kubernetes/proxy'],
  'GET /api/kubernetes/clusters',
  'POST /api/kubernetes/resources/custom/query',
  'POST /api/kubernetes/resources/workloads/query',
  'POST /api/kubernetes/services/:serviceId',
];
jest.setTimeout(300_000);

describe('who may do what', () => {
  let backend: WholeBackend;
  let cluster: ClusterWithEnvironment;
  let walk: AccessWalk;
  const made: Made = {};

  const lift = (environment: string, caller: string) =>
    walk.post('deployments/v1/deviations', caller, {
      ...{ service: SERVICE, environment, guardrail: 'limits' },
      reason: 'to see who may',
      until: new Date(Date.now() + 3_600_000).toISOString(),
    });

  beforeAll(async () => {
    cluster = await startClusterWithEnvironment({
      name: ENVIRONMENT,
      owner: 'group:default/payments-team',
    });
    backend = await startWholeBackend({
      tokens: TOKENS,
      platform: {
        create: { imagePrefix: '127.0.0.1:1/none' },
        clusters: [
          { name: 'previews', kubeconfig: cluster.kubeconfig },
          NO_CLUSTER,
        ],
        previews: { cluster: 'previews' },
        environments: ['staging', 'testing', 'production'].map(name => ({
          ...{ name, cluster: 'none' },
        })),
        access: accessConfig,
      },
    });
    walk = await AccessWalk.start({
      ...{ backend, cannotBeDone: CANNOT_BE_DONE, more: [UNKNOWN_TOKEN] },
      inputs: () => inputsFor(made),
    });
    made.record = (await backend.recordAbout(SERVICE)).id;
    await backend.recordAbout(OTHER_SERVICE);
    const deployed = await walk.post('deployments/v1/deployments', OWNER, {
      ...{ ...place, version: '0.9.0' },
    });
    ({
      deployment: { id: made.deployment },
    } = (await deployed.json()) as { deployment: { id: string } });
    const lifted = await lift('staging', OWNER);
    ({
      deviation: { id: made.deviation },
    } = (await lifted.json()) as { deviation: { id: string } });
  }, 300_000);
  afterAll(async () => {
    await backend?.stop();
    await cluster?.stop();
  }, 120_000);

  const table = readAccessTable();

  it('is written down for every operation and webhook that is declared, and for nothing else', () => {
    expect(table.map(line => line.operation).sort()).toEqual(
      [...backend.operations, ...backend.deliveries].map(nameOf).sort(),
    );
  });

  it('is recorded in words, for each that is recorded', () => {
    const without = backend.operations.flatMap(({ plugin, audit }) => {
      if (audit === 'no-effect') return [];
      const said = whatText({ plugin, event: audit.event });
      return said.includes(`(${plugin})`) ? [`${plugin}.${audit.event}`] : [];
    });
    expect(without).toEqual([]);
  });

  it('leaves no route of ours mounted without a declaration', () => {
    const declared = backend.operations.map(
      ({ plugin, http }) => `${http.method} /api/${plugin}${http.path}`,
    );
    const plugins = new Set(backend.operations.map(one => one.plugin));
    const described = [...plugins].map(
      plugin => `GET /api/${plugin}${OPENAPI_PATH}`,
    );
    const signed = backend.deliveries.map(
      ({ plugin, path }) => `POST /api/${plugin}${path}`,
    );
    const wanted = [...declared, ...described, ...signed].sort();
    // Each once: a second handler of the same route would answer beside the declared one.
    expect(backend.mounted.filter(isOurs).sort()).toEqual(wanted);
    // Whoever mounts something in a plugin of Backstage's is known by that.
    expect([...backend.mountedByUs].sort()).toEqual(wanted);
  });

  it('is on record where a token may do nothing here and asks for a secret', async () => {
    const correlation = 'a-token-that-is-not-named';
    const { status } = await fetch(`${backend.url}/api/secrets/v1/reveals`, {
      method: 'POST',
      headers: {
        Authorization: walk.authorization(UNKNOWN_TOKEN) ?? '',
        'content-type': 'application/json',
        'x-correlation-id': correlation,
      },
      body: JSON.stringify({
        ...{ service: SERVICE, environment: 'staging', key: 'TOKEN' },
        reason: 'to see whether it is on record',
      }),
    });
    expect(status).toBe(403);
    const { path } = operationRequest(auditOperations.search, { correlation });
    let text = '';
    for (let tries = 0; tries < 200 && !text.includes('"outcome"'); tries++) {
      const response = await fetch(`${backend.url}/api/audit${path}`, {
        headers: { Authorization: walk.authorization(ADMIN) ?? '' },
      });
      text = await response.text();
      await sleep(50);
    }
    const { items } = JSON.parse(text) as { items: object[] };
    expect(items).toContainEqual(
      expect.objectContaining({
        ...{ outcome: 'refused', service: SERVICE, environment: 'staging' },
        meta: expect.objectContaining({ key: 'TOKEN' }),
        error: expect.objectContaining({
          message: expect.stringContaining(
            'not named under platform.access.machines',
          ),
        }),
      }),
    );
  });

  it('asks who somebody is on all that stands below what is opened for operations that refuse by themselves', async () => {
    const opened = backend.operations.flatMap(({ plugin, http, audit }) =>
      audit !== 'no-effect' && audit.severity === 'critical'
        ? [`/api/${plugin}${http.path}`]
        : [],
    );
    const below = opened.flatMap(prefix =>
      backend.mounted.flatMap(route => {
        const [method, path] = route.split(' ');
        const address = addressBelow(prefix, path);
        return address ? [`${method} ${address}`] : [];
      }),
    );
    // Each is opened with what is below it, as the history of a key is below it.
    expect(new Set(below).size).toBeGreaterThan(new Set(opened).size);
    for (const asked of new Set(below)) {
      const [method, address] = asked.split(' ');
      const { status } = await fetch(`${backend.url}${address}`, { method });
      expect([asked, status]).toEqual([asked, 401]);
    }
  });

  it('leaves nothing in the Kubernetes plugin, which mounts what others give it, but its own routes', () => {
    const routes = backend
      .handlersOf('kubernetes')
      .filter(route => !route.includes('/kubernetes/.'));
    expect(routes.sort()).toEqual(KUBERNETES_ROUTES);
  });

  it('notices a route that was mounted by hand', () => {
    expect(isOurs('GET /api/audit/v1/anything')).toBe(true);
    expect(isOurs('GET /api/catalog/platform/v1/more')).toBe(true);
    expect(isOurs('GET /api/brand-new/v1/anything')).toBe(true);
    expect(isOurs('GET /api/catalog/entities')).toBe(false);
    // The upstream plugins are seen too, so what is looked at is not empty.
    expect(backend.mounted).toContain('POST /api/events/bus/v1/events');
  });

  it('leaves no action registered without a declaration, in plugins of ours and of Backstage', async () => {
    const plugins = new Set(
      [...backend.mounted, 'GET /api/app/'].map(route => route.split('/')[2]),
    );
    const declared = backend.operations.flatMap(({ plugin, action }) =>
      action ? [`${plugin}:${action.name}`] : [],
    );
    const registered: string[] = [];
    for (const plugin of plugins) {
      const response = await fetch(
        `${backend.url}/api/${plugin}/.backstage/actions/v1/actions`,
        { headers: { Authorization: walk.authorization(ADMIN) ?? '' } },
      );
      // A plugin that registers none has no such route.
      if (response.status === 404) continue;
      const { actions } = (await response.json()) as {
        actions: { id: string }[];
      };
      registered.push(...actions.map(({ id }) => id));
    }
    expect(registered.sort()).toEqual(
      [...declared, ...UPSTREAM_ACTIONS].sort(),
    );
  });

  it('has no webhook of the events plugin, which would take events unsigned', () => {
    const webhooks = backend.mounted.filter(route =>
      route.startsWith('POST /api/events/http'),
    );
    expect(webhooks).toEqual([]);
  });

  it.each(table)('lets those who may: $wish', async line => {
    expect(await walk.seen(line)).toEqual(await walk.wanted(line));
  });

  it('has guardrails of production lifted by the platform team only', async () => {
    const refused = await lift('production', OWNER);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('only the platform team');
    const allowed = await lift('production', ADMIN);
    expect(allowed.status).toBe(200);
  });

  it('lets a token that the configuration does not know do nothing', async () => {
    for (const operation of backend.operations) {
      const { status } = await walk.call(operation, UNKNOWN_TOKEN);
      expect([nameOf(operation), status]).toEqual([nameOf(operation), 403]);
    }
  });

  it('holds for what Backstage itself serves, where tokens would be allowed everything', async () => {
    const remove = (caller: string) =>
      fetch(`${backend.url}/api/catalog/entities/by-uid/none`, {
        method: 'DELETE',
        headers: { Authorization: walk.authorization(caller) ?? '' },
      });
    expect((await remove('ci-cart')).status).toBe(403);
    expect((await remove(UNKNOWN_TOKEN)).status).toBe(403);
    const list = async (caller: string) => {
      const response = await fetch(
        `${backend.url}/api/catalog/entities/by-query`,
        { headers: { Authorization: walk.authorization(caller) ?? '' } },
      );
      return [response.status, await response.text()] as const;
    };
    const [known, names] = await list('ci-cart');
    expect(known).toBe(200);
    expect(names).toContain('payment-service');
    const [unknown, why] = await list(UNKNOWN_TOKEN);
    expect(unknown).toBe(403);
    expect(why).toContain('not named under platform.access.machines');
  });

  it('lets everyone read the logs of pods, and the platform team alone do more with the portal’s rights in a cluster', async () => {
    const PODS = 'kubernetes/proxy/api/v1/namespaces/payments/pods/one';
    const isRefused = async (method: string, path: string, caller: string) => {
      const { status } = await fetch(`${backend.url}/api/${path}`, {
        method,
        headers: { Authorization: walk.authorization(caller) ?? '' },
      });
      return status === 403;
    };
    // No cluster is connected to Backstage's plugin here, so that it fails for those who may.
    expect(await isRefused('GET', `${PODS}/log`, OWNER)).toBe(false);
    expect(await isRefused('DELETE', PODS, OWNER)).toBe(true);
    expect(await isRefused('GET', PODS, OWNER)).toBe(true);
    expect(await isRefused('DELETE', PODS, ADMIN)).toBe(false);
    for (const token of ['ci-payment', UNKNOWN_TOKEN]) {
      expect(await isRefused('GET', `${PODS}/log`, token)).toBe(true);
      expect(await isRefused('DELETE', PODS, token)).toBe(true);
    }
  });

  it('keeps tokens of machines out of what plugins ask each other', async () => {
    const ask = (path: string, caller: string) =>
      walk.post(path, caller, {
        recipients: { type: 'broadcast' },
        payload: { title: 'The portal is sold' },
        event: { topic: 'github', payload: {} },
        items: [],
      });
    for (const path of [
      ...['notifications/notifications', 'events/bus/v1/events'],
      'audit/.well-known/backstage/permissions/apply-conditions',
    ]) {
      for (const caller of ['ci-payment', UNKNOWN_TOKEN]) {
        const { status } = await ask(path, caller);
        expect([path, caller, status]).toEqual([path, caller, 403]);
      }
    }
  });

  it('has scheduled tasks started and stopped by nobody from outside', async () => {
    const tasks = 'audit/.backstage/scheduler/v1/tasks';
    for (const caller of [ADMIN, OWNER, 'ci-payment', UNKNOWN_TOKEN]) {
      for (const path of [
        ...[`${tasks}/audit-retention/trigger`, `${tasks}/any/cancel`],
        `audit/.BACKSTAGE/Scheduler/v1/tasks/audit-retention/trigger/`,
      ]) {
        const { status } = await walk.post(path, caller, {});
        expect([path, caller, status]).toEqual([path, caller, 403]);
      }
    }
  });

  it('holds for machines that come through actions, which no plugin does for them in its own name', async () => {
    const post = async (path: string, caller: string, body: object) => {
      const response = await walk.post(path, caller, body);
      return { status: response.status, text: await response.text() };
    };
    const act = (plugin: string, name: string, caller: string, input: object) =>
      post(
        `${plugin}/.backstage/actions/v1/actions/${plugin}%3A${name}/invoke`,
        caller,
        input,
      );
    const locationUrl = 'http://127.0.0.1:1/x/catalog-info.yaml';
    for (const caller of ['ci-cart', UNKNOWN_TOKEN]) {
      for (const [plugin, name, input] of [
        ['catalog', 'register-entity', { locationUrl }],
        ['catalog', 'unregister-entity', { type: { locationUrl } }],
        [
          'scaffolder',
          'execute-template',
          { templateRef: 'template:default/service', values: {} },
        ],
      ] as const) {
        const { status } = await act(plugin, name, caller, input);
        expect([caller, name, status >= 400]).toEqual([caller, name, true]);
      }
      const { text } = await post('mcp-actions/v1', caller, {
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'audit.search', arguments: { service: SERVICE } },
      });
      expect(text).not.toContain(SERVICE);
      const named = !text.includes('not named under platform.access.machines');
      expect([caller, named]).toEqual([caller, caller !== UNKNOWN_TOKEN]);
    }
    const tasks = await fetch(`${backend.url}/api/scaffolder/v2/tasks`, {
      headers: {
        Authorization: await backend.signIn(ADMIN),
      },
    });
    expect(await tasks.json()).toMatchObject({ totalTasks: 0 });
    // The control: who may, gets it by the same way.
    const { text } = await post('mcp-actions/v1', 'ci-payment', {
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'audit.search', arguments: { service: SERVICE } },
    });
    expect(text).toContain(SERVICE);
  });

  it('is described at one path of each plugin, to whoever is signed in', async () => {
    for (const plugin of new Set(backend.operations.map(one => one.plugin))) {
      const url = `${backend.url}/api/${plugin}${OPENAPI_PATH}`;
      expect((await fetch(url)).status).toBe(401);
      const response = await fetch(url, {
        headers: { Authorization: walk.authorization(OWNER) ?? '' },
      });
      const { paths } = (await response.json()) as { paths: object };
      expect([plugin, Object.keys(paths).length]).toEqual([
        plugin,
        new Set(
          [
            ...backend.operations.map(one => ({ ...one, path: one.http.path })),
            ...backend.deliveries,
          ]
            .filter(one => one.plugin === plugin)
            .map(one => one.path),
        ).size,
      ]);
    }
  });
});

/** Backstage's own plugins; in them, ours is what stands under /platform. All others are ours. */
const UPSTREAM = [
  ...['app', 'auth', 'catalog', 'events', 'kubernetes', 'mcp-actions'],
  ...['notifications', 'permission', 'scaffolder', 'search', 'signals'],
  ...['techdocs', 'user-settings'],
];

function isOurs(route: string): boolean {
  const [, path] = route.split(' ');
  const [, api, plugin, first] = path.split('/');
  if (api !== 'api' || first?.startsWith('.')) return false;
  return !UPSTREAM.includes(plugin) || first === 'platform';
}

/** @returns an address that both a prefix and a route match, each with its parameters; nothing where there is none */
function addressBelow(prefix: string, route: string): string | undefined {
  const [opened, steps] = [prefix, route].map(path => path.split('/'));
  if (steps.length < opened.length) return undefined;
  const isParameter = (step: string | undefined) => step?.startsWith(':');
  const fits = opened.every(
    (step, at) =>
      step === steps[at] || isParameter(step) || isParameter(steps[at]),
  );
  if (!fits) return undefined;
  return steps
    .map((step, at) => (isParameter(step) && opened[at]) || step)
    .map(step => (isParameter(step) ? 'any' : step))
    .join('/');
}
