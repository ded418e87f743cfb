import { LedgerRecord, whatText } from '@highroad/plugin-audit-common';
import { Operation, operationRequest } from '@highroad/plugin-platform-common';
import { OPENAPI_PATH } from '@highroad/plugin-platform-node';
import {
  ClusterWithEnvironment,
  startClusterWithEnvironment,
} from './__testUtils__/clusterWithEnvironment';
import {
  AccessLine,
  readAccessTable,
  Role,
  roles,
  Verdict,
} from './__testUtils__/accessTable';
import { startWholeBackend, WholeBackend } from './__testUtils__/wholeBackend';

const SERVICE = 'component:default/payment-service';
const OWNER = 'user:default/jonas.lind';

/** Who calls. Each role may be several: all of them must be treated alike. */
const callers: Record<Role, string[]> = {
  'Not signed in': [''],
  // Of teams that own other things: each asks with this team's ids.
  Anyone: ['user:default/mei.tanaka', 'user:default/hanna.weiss'],
  Owner: [OWNER, 'user:default/amara.okafor'],
  Auditor: ['user:default/samuel.adeyemi'],
  'Platform team': ['user:default/priya.raman'],
  'Token of the service': ['ci-payment'],
  'Token of another': ['ci-cart'],
};
/** What Git hosts and PagerDuty send is no operation: each delivery is signed. */
const SIGNED = [
  'POST /api/environments/v1/webhooks/:host',
  'POST /api/metrics/v1/webhooks/git-hosts',
  'POST /api/metrics/v1/webhooks/pagerduty',
];
const UNKNOWN_TOKEN = 'unknown';

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
  'deployments.rollback': /Nothing to roll back to/,
  'deployments.steer': /There is nothing to pause/,
  'environments.bring-pull-request':
    /No Git host is connected for pull requests/,
  'environments.preview-pull-request':
    /No Git host is connected for pull requests/,
  'environments.remove-orphan': /is not what is left of an environment/,
  'local-repositories': /No repositories are kept on this machine/,
  'metrics.example-load': /There is no example history/,
  'metrics.survey-answer': /ballot: take it from what you were asked with/,
  sandbox: /No sandbox is connected/,
  'scaffolder.name-check': /No Git host is connected/,
  'scaffolder.preview': /There is no template template:default\/none/,
  secrets: /No Vault is connected/,
  'secrets.end-rotation': /is not replaced by itself/,
};
const operations = [
  'platform.audit.record.read',
  'platform.deployment.read',
  'platform.environment.read',
  'platform.environment.create',
  'platform.environment.operate',
  'platform.environment.keep',
  'platform.environment.delete',
  'platform.deployment.create',
  'platform.deployment.rollback',
  'platform.deployment.approve',
  'platform.metrics.read',
  'platform.metrics.ingest',
  'platform.secret.read',
  'platform.secret.set',
  'platform.secret.reveal',
  'platform.secret.reveal-production',
  'platform.secret.count',
];
const ofKey = { environment: 'staging', key: 'DATABASE_URL' };
const ENVIRONMENT = 'pr-7';
const place = { service: SERVICE, environment: 'staging' };
const pullRequest = {
  service: SERVICE,
  url: 'https://git.test/acme/payment-service/pulls/1',
};

const thing = {
  kind: 'component',
  namespace: 'default',
  name: 'payment-service',
};
const repository = { owner: 'payments-team', name: 'payment-service' };

jest.setTimeout(60_000);

describe('who may do what', () => {
  let backend: WholeBackend;
  let cluster: ClusterWithEnvironment;
  let authorization: Map<string, string>;
  let records: { ofService: LedgerRecord };
  let deployment: string;
  let deviation: string;

  /** An input that is right, for each operation; what is asked about belongs to the owner. */
  const inputs = (): Record<string, Record<string, unknown>> => ({
    'audit.record': { id: records.ofService.id },
    'audit.search': { service: undefined },
    'audit.tail': { after: 0 },
    'audit.verify': {},
    'catalog.dependents': thing,
    'catalog.dependents-summary': { ref: SERVICE },
    'catalog.entity-findings': thing,
    'deployments.deploy': { ...place, version: '1.0.0' },
    'deployments.promote': {
      service: SERVICE,
      from: 'staging',
      environment: 'testing',
    },
    'deployments.rollback': place,
    'deployments.versions': { service: SERVICE },
    'deployments.preview': { ...place, version: '1.0.0' },
    'deployments.deviation-add': {
      ...place,
      guardrail: 'seccomp',
      reason: 'to see who may',
      until: new Date(Date.now() + 3_600_000).toISOString(),
    },
    'deployments.deviation-end': { id: deviation },
    'deployments.diagnose': place,
    'deployments.secret-references': { service: SERVICE },
    ...Object.fromEntries(
      ['get', 'manifests', 'cancel', 'approve', 'steer'].map(name => [
        `deployments.${name}`,
        { id: deployment, ...(name === 'steer' && { action: 'pause' }) },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries({
        get: {},
        events: {},
        extend: { by: '1d' },
        keep: {},
        logs: {},
        delete: {},
      }).map(([name, input]) => [
        `environments.${name}`,
        { name: ENVIRONMENT, ...input },
      ]),
    ),
    'environments.provide-databases': place,
    'environments.validate': { manifest: 'kind: Environment' },
    'environments.bring-pull-request': pullRequest,
    'environments.preview-pull-request': pullRequest,
    'environments.remove-orphan': { namespace: 'env-none' },
    'environments.create': {
      manifest: JSON.stringify({
        apiVersion: 'platform.myorg.com/v1',
        kind: 'Environment',
        metadata: { name: 'another' },
        spec: {
          type: 'preview',
          owner: 'group:default/payments-team',
          services: [{ name: 'payment-service', image: 'payments:1' }],
        },
      }),
    },
    'local-repositories.get': repository,
    'local-repositories.tree': repository,
    'local-repositories.file': { ...repository, path: 'README.md' },
    'local-repositories.commits': repository,
    ...Object.fromEntries(
      Object.entries({
        list: {},
        get: ofKey,
        history: ofKey,
        set: { ...ofKey, value: 'postgres://none' },
        provide: { ...ofKey, value: 'postgres://none' },
        import: {
          environment: 'staging',
          entries: [{ key: 'DATABASE_URL', value: 'postgres://none' }],
        },
        reveal: { ...ofKey, reason: 'for the test' },
        'reveal-production': {
          ...{ ...ofKey, environment: 'production' },
          reason: 'for the test',
        },
        run: { environment: 'staging' },
        lend: { environment: 'staging', keys: [ofKey.key], to: 'another' },
        diff: { from: 'staging', to: 'testing' },
        'diff-production': { from: 'staging', to: 'production' },
        restore: { ...ofKey, version: 1 },
        delete: ofKey,
        undelete: ofKey,
        rotate: ofKey,
        'set-rotation': { ...ofKey, everyDays: 30 },
        'end-rotation': ofKey,
        rotations: {},
      }).map(([name, input]) => [
        `secrets.${name}`,
        { service: SERVICE, ...input },
      ]),
    ),
    'metrics.details': { key: 'frequency' },
    'metrics.series': { key: 'frequency' },
    'metrics.survey-answer': { ballot: 'none', score: 9 },
    'metrics.ingest': { service: SERVICE, events: [{}] },
    'sandbox.log': { server: 'vault' },
    'sandbox.build': { id: '1' },
    'sandbox.build-log': { id: '1' },
    'scaffolder.name-check': { name: 'new-service' },
    'scaffolder.preview': { templateRef: 'template:default/none', values: {} },
  });

  const call = async (operation: Operation, caller: string) => {
    const name = nameOf(operation);
    const { path, init } = operationRequest(operation, inputs()[name] ?? {});
    const header = authorization.get(caller);
    return fetch(`${backend.url}/api/${operation.plugin}${path}`, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        ...(header && { Authorization: header }),
      },
      signal: AbortSignal.timeout(operation.name === 'tail' ? 3_000 : 20_000),
    }).catch(error => {
      // Whoever may see nothing of what there is waits for more.
      if (operation.name !== 'tail') throw error;
      return new Response('{}');
    });
  };

  const lift = (environment: string, caller: string) =>
    fetch(`${backend.url}/api/deployments/v1/deviations`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Authorization: authorization.get(caller) ?? '',
      },
      body: JSON.stringify({
        ...{ service: SERVICE, environment, guardrail: 'limits' },
        reason: 'to see who may',
        until: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    });

  beforeAll(async () => {
    cluster = await startClusterWithEnvironment({
      name: ENVIRONMENT,
      owner: 'group:default/payments-team',
    });
    backend = await startWholeBackend({
      tokens: ['ci-payment', 'ci-cart', UNKNOWN_TOKEN],
      platform: {
        create: { imagePrefix: '127.0.0.1:1/none' },
        clusters: [{ name: 'previews', kubeconfig: cluster.kubeconfig }],
        previews: { cluster: 'previews' },
        environments: ['staging', 'testing', 'production'].map(name => ({
          ...{ name, cluster: 'none' },
        })),
        access: {
          admins: ['group:default/platform-team'],
          auditors: ['user:default/samuel.adeyemi'],
          machines: [
            {
              subject: 'ci-payment',
              services: [SERVICE],
              environments: ['staging', 'testing', 'production'],
              operations,
            },
            {
              subject: 'ci-cart',
              services: ['component:default/cart'],
              environments: ['*'],
              operations,
            },
          ],
        },
      },
    });
    authorization = new Map(
      await Promise.all(
        [...Object.values(callers).flat(), UNKNOWN_TOKEN]
          .filter(Boolean)
          .map(
            async (who): Promise<[string, string]> => [
              who,
              who.startsWith('user:')
                ? await backend.signIn(who)
                : `Bearer ${who}-token`,
            ],
          ),
      ),
    );
    records = { ofService: await backend.recordAbout(SERVICE) };
    await backend.recordAbout('component:default/checkout-web');
    const deployed = await fetch(
      `${backend.url}/api/deployments/v1/deployments`,
      {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: authorization.get(OWNER) ?? '',
        },
        body: JSON.stringify({ ...place, version: '0.9.0' }),
      },
    );
    ({
      deployment: { id: deployment },
    } = (await deployed.json()) as { deployment: { id: string } });
    const lifted = await lift('staging', OWNER);
    ({
      deviation: { id: deviation },
    } = (await lifted.json()) as { deviation: { id: string } });
  }, 180_000);
  afterAll(async () => {
    await backend?.stop();
    await cluster?.stop();
  }, 60_000);

  const table = readAccessTable();
  const operationOf = (line: AccessLine) => {
    const found = backend.operations.find(
      one => nameOf(one) === line.operation,
    );
    if (!found) throw new Error(`${line.operation} is not declared`);
    return found;
  };

  it('is written down for every operation that is declared, and for nothing else', () => {
    expect(table.map(line => line.operation).sort()).toEqual(
      backend.operations.map(nameOf).sort(),
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
    const plugins = new Set(backend.operations.map(({ plugin }) => plugin));
    const described = [...plugins].map(
      plugin => `GET /api/${plugin}${OPENAPI_PATH}`,
    );
    const wanted = [...declared, ...described, ...SIGNED].sort();
    const ours = backend.mounted.filter(isOurs);
    expect([...new Set(ours)].sort()).toEqual(wanted);
    // Whoever mounts something in a plugin of Backstage's is known by that.
    expect([...new Set(backend.mountedByUs)].sort()).toEqual(wanted);
  });

  it('notices a route that was mounted by hand', () => {
    expect(isOurs('GET /api/audit/v1/anything')).toBe(true);
    expect(isOurs('GET /api/catalog/platform/v1/more')).toBe(true);
    expect(isOurs('GET /api/brand-new/v1/anything')).toBe(true);
    expect(isOurs('GET /api/catalog/entities')).toBe(false);
    // The upstream plugins are seen too, so what is looked at is not empty.
    expect(backend.mounted).toContain('POST /api/events/bus/v1/events');
  });

  it.each(table)('lets those who may: $wish', async line => {
    const operation = operationOf(line);
    const seen: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const role of roles) {
      for (const caller of callers[role]) {
        const response = await call(operation, caller);
        seen[`${role}: ${caller}`] = await verdictOf(
          nameOf(operation),
          response,
          line.verdicts[role],
          caller,
        );
        wanted[`${role}: ${caller}`] = line.verdicts[role];
      }
    }
    expect(seen).toEqual(wanted);
  });

  it('has guardrails of production lifted by the platform team only', async () => {
    const refused = await lift('production', OWNER);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('only the platform team');
    const allowed = await lift('production', 'user:default/priya.raman');
    expect(allowed.status).toBe(200);
  });

  it('lets a token that the configuration does not know do nothing', async () => {
    for (const operation of backend.operations) {
      const { status } = await call(operation, UNKNOWN_TOKEN);
      expect([nameOf(operation), status]).toEqual([nameOf(operation), 403]);
    }
  });

  it('holds for what Backstage itself serves, where tokens would be allowed everything', async () => {
    const remove = (caller: string) =>
      fetch(`${backend.url}/api/catalog/entities/by-uid/none`, {
        method: 'DELETE',
        headers: { Authorization: authorization.get(caller) ?? '' },
      });
    expect((await remove('ci-cart')).status).toBe(403);
    expect((await remove(UNKNOWN_TOKEN)).status).toBe(403);
    const list = async (caller: string) => {
      const response = await fetch(
        `${backend.url}/api/catalog/entities/by-query`,
        { headers: { Authorization: authorization.get(caller) ?? '' } },
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

  it('keeps tokens of machines out of what plugins ask each other', async () => {
    const ask = (path: string, caller: string) =>
      fetch(`${backend.url}/api/${path}`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Authorization: authorization.get(caller) ?? '',
        },
        body: JSON.stringify({
          recipients: { type: 'broadcast' },
          payload: { title: 'The portal is sold' },
          event: { topic: 'github', payload: {} },
        }),
      });
    for (const path of [
      ...['notifications/notifications', 'events/bus/v1/events'],
    ]) {
      for (const caller of ['ci-payment', UNKNOWN_TOKEN]) {
        const { status } = await ask(path, caller);
        expect([path, caller, status]).toEqual([path, caller, 403]);
      }
    }
  });

  it('holds for machines that come through actions, which no plugin does for them in its own name', async () => {
    const post = async (path: string, caller: string, body: object) => {
      const response = await fetch(`${backend.url}/api/${path}`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          Authorization: authorization.get(caller) ?? '',
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(20_000),
      });
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
        Authorization: await backend.signIn('user:default/priya.raman'),
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
        headers: { Authorization: authorization.get(OWNER) ?? '' },
      });
      const { paths } = (await response.json()) as { paths: object };
      expect([plugin, Object.keys(paths).length]).toEqual([
        plugin,
        new Set(
          backend.operations
            .filter(one => one.plugin === plugin)
            .map(one => one.http.path),
        ).size,
      ]);
    }
  });

  /** What somebody got, in the words of the table. Where they wrongly got more, says what. */
  async function verdictOf(
    operation: string,
    response: Response,
    wanted: Verdict,
    caller: string,
  ): Promise<string> {
    const { status } = response;
    if (status === 401 || status === 403) return 'no';
    if (wanted === 'hidden') return status === 404 ? 'hidden' : `${status}`;
    if (wanted !== 'theirs') {
      if (response.ok) {
        await response.body?.cancel();
        return 'yes';
      }
      const [plugin] = operation.split('.');
      const why = CANNOT_BE_DONE[operation] ?? CANNOT_BE_DONE[plugin];
      const answer = await response.text();
      return why?.test(answer) ? 'yes' : `${status} ${answer}`;
    }
    const text = await response.text();
    const foreign = recordsIn(text).filter(
      // What one did oneself one sees, whatever it was done to.
      one => !one.includes(caller) && foreignService(one, caller),
    );
    return status === 200 && foreign.length === 0
      ? 'theirs'
      : `${status}, with ${foreign.join()}`;
  }
});

/** The records in an answer, one by one: items of a list, or lines. */
function recordsIn(text: string): string[] {
  try {
    const { items = [] } = JSON.parse(text) as { items?: unknown[] };
    return items.map(item => JSON.stringify(item));
  } catch {
    return text.split('\n');
  }
}

function foreignService(record: string, caller: string): boolean {
  const services = record.match(/component:default\/[\w-]+/g) ?? [];
  return services.some(service => !ownedBy(caller, service));
}

function ownedBy(caller: string, service: string): boolean {
  const ofPayments = [...callers.Owner, 'ci-payment'].includes(caller);
  return service === SERVICE ? ofPayments : caller.includes('mei.tanaka');
}

function nameOf({ plugin, name }: Operation): string {
  return `${plugin}.${name}`;
}

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
