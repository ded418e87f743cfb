import fc from 'fast-check';
import {
  KubernetesObject,
  parseQuantity,
} from '@highroad/plugin-platform-node/manifests';
import { Deviation, guardrailIds } from '@highroad/plugin-deployments-common';
import { checkGuardrails, GUARDRAILS } from './checkGuardrails';

const service = 'component:default/cart';
const now = Date.parse('2026-06-01T00:00:00Z');

/** A container as the service template makes it. */
const good = {
  name: 'cart',
  image: `ghcr.io/acme/cart@sha256:${'a'.repeat(64)}`,
  resources: {
    requests: { cpu: '50m', memory: '64Mi' },
    limits: { cpu: 1, memory: '128Mi' },
  },
  readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
  livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  },
};
const goodPod = {
  securityContext: {
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

const workload = (
  container: object = {},
  options: {
    pod?: object;
    kind?: string;
    init?: object;
    version?: string;
  } = {},
): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: options.kind ?? 'Deployment',
  metadata: {
    name: 'cart',
    ...(options.version && {
      annotations: { 'platform.myorg.com/version': options.version },
    }),
  },
  spec: {
    template: {
      spec: {
        ...goodPod,
        ...options.pod,
        containers: [{ ...good, ...container }],
        ...(options.init && {
          initContainers: [{ ...good, name: 'migrate', ...options.init }],
        }),
      },
    },
  },
});
const check = (objects: KubernetesObject[], deviations: Deviation[] = []) =>
  checkGuardrails(objects, {
    ...{ service, deviations, now },
    environment: 'staging',
    production: false,
    lastDay: '2026-08-30',
  });
const rulesOf = (object: KubernetesObject) =>
  check([object]).refused.map(({ rule }) => rule);

describe('guardrails', () => {
  it('let through what the service template makes', () => {
    expect(check([workload(), workload({}, { kind: 'Rollout' })])).toEqual({
      refused: [],
      lifted: [],
    });
  });

  it.each([
    ['readiness-probe', { readinessProbe: undefined }],
    ['liveness-probe', { livenessProbe: null }],
    [
      'requests',
      { resources: { requests: { memory: '1Mi' }, limits: { memory: '1Mi' } } },
    ],
    [
      'limits',
      {
        resources: { requests: { cpu: 1, memory: '1Mi' }, limits: { cpu: 1 } },
      },
    ],
    [
      'limits',
      {
        resources: {
          requests: { cpu: 1, memory: '1Gi' },
          limits: { memory: '1000Mi' },
        },
      },
    ],
    [
      'requests',
      {
        resources: {
          requests: { cpu: 'lots', memory: '1Mi' },
          limits: { memory: '1Mi' },
        },
      },
    ],
    ['image-version', { image: 'ghcr.io/acme/cart' }],
    ['image-version', { image: 'ghcr.io/acme/cart:latest' }],
    [
      'image-version',
      { image: `ghcr.io/acme/cart:latest@sha256:${'a'.repeat(64)}` },
    ],
    ['image-version', { image: undefined }],
    [
      'run-as-non-root',
      { securityContext: { ...good.securityContext, runAsNonRoot: false } },
    ],
    [
      'run-as-non-root',
      { securityContext: { ...good.securityContext, runAsUser: 0 } },
    ],
    [
      'not-privileged',
      { securityContext: { ...good.securityContext, privileged: true } },
    ],
    [
      'no-privilege-escalation',
      { securityContext: { capabilities: { drop: ['ALL'] } } },
    ],
    ['capabilities', { securityContext: { allowPrivilegeEscalation: false } }],
    [
      'seccomp',
      {
        securityContext: {
          ...good.securityContext,
          seccompProfile: { type: 'Unconfined' },
        },
      },
    ],
  ])(
    'refuse by %s a container with %j, and nothing else',
    (rule, container) => {
      expect(rulesOf(workload(container))).toEqual([rule]);
    },
  );

  it('take what the pod says for its containers', () => {
    expect(rulesOf(workload({}, { pod: { securityContext: {} } }))).toEqual([
      'run-as-non-root',
      'seccomp',
    ]);
  });

  it('know the version "latest" by its digest too', () => {
    expect(rulesOf(workload({}, { version: 'latest' }))).toEqual([
      'image-version',
    ]);
    expect(rulesOf(workload({}, { version: '1.2.3' }))).toEqual([]);
  });

  it.each([
    ['API_KEY', 'abc'],
    ['STRIPE_SECRET_KEY', 'abc'],
    ['PASSWORD', 'abc'],
    ['DATABASE_URL', 'postgres://app:hunter2@db/app'],
    ['WEBHOOK', `xoxb-${'1'.repeat(12)}`],
    ['PGPASSWORD', 'abc'],
    ['MYSQL_PWD', 'abc'],
    ['DB_PASS', 'abc'],
    ['CI', `glpat-${'a1-'.repeat(7)}`],
    ['CI', `github_pat_${'a1'.repeat(11)}`],
    ['JDBC', 'jdbc:postgresql://db/app?user=app&password=hunter2'],
    ['URLS', 'amqp://a:$(PASSWORD)@one,amqp://a:hunter2@two'],
  ])(
    'refuse a secret in plain text, and do not repeat it: %s',
    (name, value) => {
      const { refused } = check([workload({ env: [{ name, value }] })]);
      expect(refused).toMatchObject([
        { rule: 'plain-secrets', found: expect.stringContaining(name) },
      ]);
      expect(JSON.stringify(refused)).not.toContain(value);
    },
  );

  it.each([
    ['LOG_LEVEL', 'info'],
    ['TOKEN_URL', 'https://login.example.com/token'],
    ['PASSWORD_FILE', '/run/secrets/password'],
    ['DATABASE_URL', 'postgres://db/app'],
    ['DATABASE_URL', 'postgres://app@db/app'],
    ['DATABASE_URL', 'postgres://u:$(PASSWORD)@h'],
    ['JDBC', 'jdbc:postgresql://db/app?user=app&password=$(PASSWORD)'],
    ['PASSWORD', '$(DB_PASSWORD)'],
    ['ALLOW_EMPTY_PASSWORD', 'yes'],
    ['PWD', '/app'],
    ['COMPASS', 'north'],
    ['API_KEY', undefined],
  ])('let through %s=%s, which is none', (name, value) => {
    const valueFrom = { secretKeyRef: { name: 'cart', key: name } };
    expect(
      rulesOf(
        workload({ env: [value ? { name, value } : { name, valueFrom }] }),
      ),
    ).toEqual([]);
  });

  it('refuse a secret that a container takes from a ConfigMap, and nothing else of it', () => {
    const config = {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cart' } },
      data: { LOG_LEVEL: 'info', DB_PASS: 'hunter2', URL: 'http://a:b3@c' },
    };
    const key = (name: string) => ({
      configMapKeyRef: { name: 'cart', key: name },
    });
    const takes = workload({
      envFrom: [{ configMapRef: { name: 'cart' }, prefix: 'APP_' }, {}],
    });
    const { refused } = check([config, takes]);
    expect(refused.map(({ rule, found }) => [rule, found])).toEqual([
      [
        'plain-secrets',
        'APP_DB_PASS with a value in plain text, of ConfigMap cart',
      ],
      [
        'plain-secrets',
        'APP_URL with an address with a password in plain text, of ConfigMap cart',
      ],
    ]);
    expect(JSON.stringify(refused)).not.toContain('hunter2');
    const one = workload({
      env: [
        { name: 'MYSQL_PWD', valueFrom: key('DB_PASS') },
        { name: 'LEVEL', valueFrom: key('LOG_LEVEL') },
        { name: 'NONE', valueFrom: key('NONE') },
      ],
    });
    expect(check([config, one]).refused).toMatchObject([
      { found: 'MYSQL_PWD with a value in plain text, of ConfigMap cart' },
    ]);
    const others = workload({ envFrom: [{ configMapRef: { name: 'other' } }] });
    expect(check([config, others]).refused).toEqual([]);
  });

  it('ask no probes of what runs to its end, and all else', () => {
    const bare = { readinessProbe: undefined, livenessProbe: undefined };
    expect(rulesOf(workload(bare, { kind: 'Job' }))).toEqual([]);
    expect(
      rulesOf(workload({}, { init: { ...bare, resources: undefined } })),
    ).toEqual(['requests', 'requests', 'limits']);
  });

  it('look at jobs that an analysis starts', () => {
    const template = workload({ image: 'curl' }).spec;
    expect(
      rulesOf({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'AnalysisTemplate',
        metadata: { name: 'cart' },
        spec: {
          metrics: [
            { name: 'x', provider: { job: { spec: template } } },
            { name: 'y', provider: null },
          ],
        },
      }),
    ).toEqual(['image-version']);
  });

  it('say what was found and what lifts it', () => {
    expect(check([workload({ image: 'acme/cart:latest' })]).refused).toEqual([
      {
        rule: 'image-version',
        object: 'Deployment cart',
        container: 'cart',
        found: 'acme/cart:latest',
        message: '"latest" is no version.',
        lift: expect.stringMatching(
          /^Name a version .*an owner lifts it: platform deviation add [\w:/]+ --env staging --guardrail image-version --reason "\.\.\." --until 2026-08-30$/,
        ),
      },
    ]);
  });
});

it('are those that a deviation can name', () => {
  expect(GUARDRAILS.map(({ id }) => id)).toEqual([...guardrailIds]);
});

describe('a deviation', () => {
  const deviation: Deviation = {
    id: '01a211d2-c76e-76b8-9c50-000000000001',
    guardrail: 'liveness-probe',
    service,
    environment: 'staging',
    reason: 'It restarts itself',
    state: 'active',
    createdBy: 'user:default/anna',
    createdAt: '2026-04-01T00:00:00Z',
    expiresAt: '2026-06-02T00:00:00Z',
  };
  const bad = workload({ livenessProbe: undefined });

  it('lifts its rule for its service, and is shown', () => {
    const { refused, lifted } = check([bad], [deviation]);
    expect(refused).toEqual([]);
    expect(lifted).toMatchObject([
      {
        rule: 'liveness-probe',
        deviation,
        lift: expect.stringMatching(/It restarts itself/),
      },
    ]);
  });

  it.each([
    ['another rule', { guardrail: 'limits' as const }],
    ['another environment', { environment: 'production' }],
    ['a service that took it back', { endedAt: '2026-05-01T00:00:00Z' }],
    ['another service', { service: 'component:default/other' }],
    ['the past', { expiresAt: '2026-06-01T00:00:00Z' }],
    ['no time at all', { expiresAt: 'never' }],
  ])('for %s lifts nothing', (_, change) => {
    expect(check([bad], [{ ...deviation, ...change }])).toMatchObject({
      refused: [{ rule: 'liveness-probe' }],
      lifted: [],
    });
  });

  it('that has expired says so', () => {
    const old = { ...deviation, expiresAt: '2026-05-01T00:00:00Z' };
    expect(check([bad], [old]).refused[0].lift).toMatch(
      /until 2026-05-01.*"It restarts itself".*has expired/,
    );
    expect(check([bad], [old, deviation]).refused).toEqual([]);
  });

  it('moves findings from one list to the other, and makes none vanish', () => {
    const part = fc.constantFrom(...Object.keys(good));
    fc.assert(
      fc.property(
        fc.uniqueArray(part),
        fc.uniqueArray(fc.constantFrom(...guardrailIds)),
        (without, lifting) => {
          const rules: string[] = lifting;
          const object = workload(
            Object.fromEntries(
              without
                .filter(key => key !== 'name')
                .map(key => [key, undefined]),
            ),
          );
          const all = check([object]);
          const { refused, lifted } = check(
            [object],
            lifting.map(guardrail => ({ ...deviation, guardrail })),
          );
          expect(refused.length + lifted.length).toBe(all.refused.length);
          expect(lifted.every(({ rule }) => rules.includes(rule))).toBe(true);
          expect(refused.some(({ rule }) => rules.includes(rule))).toBe(false);
        },
      ),
    );
  });
});

describe('an amount', () => {
  it.each([
    ['250m', 0.25],
    ['1', 1],
    [2, 2],
    ['1.5', 1.5],
    ['64Mi', 64 * 1024 * 1024],
    ['1e3', 1000],
    ['1E', 1e18],
    ['1k', 1000],
    ['', undefined],
    ['lots', undefined],
    ['1KB', undefined],
    ['1 Gi', undefined],
  ])('%j is read as Kubernetes does', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it('is larger with a larger number', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.nat(10_000),
        fc.constantFrom('m', '', 'k', 'Ki', 'Mi', 'Gi'),
        (a, b, suffix) => {
          const [one, other] = [a, b].map(n => parseQuantity(`${n}${suffix}`)!);
          expect(Math.sign(one - other)).toBe(Math.sign(a - b));
        },
      ),
    );
  });
});
