import { annotationRules, checkAnnotation } from './registry';

const good: [string, string][] = [
  ['github.com/project-slug', 'acme/payment-service'],
  ['github.com/project-slug', 'a/.github'],
  ['pagerduty.com/service-id', 'PX3YZ12'],
  ['pagerduty.com/service-id', 'Q1ABCDE2FGHI3J'],
  ['datadog/dashboard-url', 'https://app.datadoghq.com/dashboard/abc-def-ghi'],
  ['datadog/dashboard-url', 'https://acme.datadoghq.eu/dashboard/abc?tab=1'],
  ['platform.myorg.com/template', 'service@1.0.0'],
  ['platform.myorg.com/template-version', '1.12.0'],
  ['platform.myorg.com/image', 'ghcr.io/acme/payment-service'],
  ['platform.myorg.com/image', '127.0.0.1:15000/highroad/shop-api'],
  ['platform.myorg.com/tier', '1'],
  ['platform.myorg.com/database-key', 'DATABASE_URL'],
  ['platform.myorg.com/port', '65535'],
  ['platform.myorg.com/health-path', '/healthz'],
  ['platform.myorg.com/health-path', '/'],
  ['platform.myorg.com/slack-channel', '#payments-deploys'],
  ['platform.myorg.com/slack-channel', 'C024BE91L'],
  ['platform.myorg.com/rollback-conditions', 'error-rate=0.01, p99 = 1'],
  ['platform.myorg.com/runbook-url', 'https://wiki.acme.example/runbook'],
  ['somebody.else/annotation', 'whatever they like'],
];

const bad: [string, string, string, string][] = [
  [
    'platform.myorg.com/rollback-conditions',
    'error-rate<0.01',
    'rollback-conditions',
    'Write names of conditions with numbers',
  ],
  [
    'platform.myorg.com/image',
    'ghcr.io/acme/shop:1.2',
    'image',
    'Write "ghcr.io/acme/shop".',
  ],
  ['platform.myorg.com/image', 'ghcr.io/Acme/shop', 'image', 'in lower case'],
  [
    'github.com/project-slug',
    'https://github.com/acme/shop.git',
    'github-project-slug',
    'Write "acme/shop".',
  ],
  [
    'github.com/project-slug',
    'git@github.com:acme/shop.git',
    'github-project-slug',
    'Write "acme/shop".',
  ],
  [
    'github.com/project-slug',
    'github.com/acme/shop/tree/main',
    'github-project-slug',
    'Write "acme/shop".',
  ],
  [
    'github.com/project-slug',
    'acme/shop.git',
    'github-project-slug',
    'Write "acme/shop".',
  ],
  [
    'github.com/project-slug',
    'shop',
    'github-project-slug',
    'acme/payment-service',
  ],
  [
    'github.com/project-slug',
    'acme/..',
    'github-project-slug',
    'acme/payment-service',
  ],
  [
    'pagerduty.com/service-id',
    'px3yz12',
    'pagerduty-service-id',
    'Write "PX3YZ12".',
  ],
  [
    'pagerduty.com/service-id',
    'https://acme.pagerduty.com/service-directory/PX3YZ12',
    'pagerduty-service-id',
    'Write "PX3YZ12".',
  ],
  [
    'pagerduty.com/service-id',
    'payments',
    'pagerduty-service-id',
    'such as "PX3YZ12"',
  ],
  [
    'pagerduty.com/service-id',
    '0123456789abcdef0123456789abcdef',
    'pagerduty-key-as-service-id',
    'replace the key',
  ],
  [
    'pagerduty.com/integration-key',
    '0123456789abcdef0123456789abcdef',
    'pagerduty-integration-key',
    'replace the key',
  ],
  [
    'pagerduty.com/integration-key',
    'PX3YZ12',
    'pagerduty-service-id-as-key',
    'Rename the annotation',
  ],
  [
    'datadog/dashboard-url',
    'http://app.datadoghq.com/dashboard/abc',
    'datadog-dashboard-url',
    'Copy the address',
  ],
  [
    'datadog/dashboard-url',
    'data:text/html,x',
    'datadog-dashboard-url',
    'Copy the address',
  ],
  [
    'datadog/dashboard-url',
    'https://datadoghq.com.evil.example/dashboard/abc',
    'datadog-dashboard-host',
    'metadata.links',
  ],
  [
    'datadog/dashboard-url',
    'https://app.datadoghq.com/',
    'datadog-dashboard-url',
    'Copy the address',
  ],
  [
    'platform.myorg.com/template',
    'service',
    'template',
    'platform/template.yaml',
  ],
  [
    'platform.myorg.com/template-version',
    'v1',
    'template-version',
    'such as "1.0.0"',
  ],
  ['platform.myorg.com/tier', 'tier-2', 'tier', 'Write "2".'],
  [
    'platform.myorg.com/database-key',
    'database url',
    'database-key',
    '"DATABASE_URL"',
  ],
  ['platform.myorg.com/port', '70000', 'port', '1 to 65535'],
  ['platform.myorg.com/port', '0', 'port', '1 to 65535'],
  ['platform.myorg.com/health-path', 'healthz', 'http-path', 'one slash'],
  [
    'platform.myorg.com/health-path',
    '//evil.example/',
    'http-path',
    'one slash',
  ],
  [
    'platform.myorg.com/slack-channel',
    'Payments Deploys',
    'slack-channel',
    'Write "payments-deploys".',
  ],
  [
    'platform.myorg.com/runbook-url',
    'docs/runbook.md',
    'runbook-url',
    'https://',
  ],
  [
    'platform.myorg.com/teir',
    '1',
    'unknown-annotation',
    'Did you mean platform.myorg.com/tier?',
  ],
  [
    'platform.myorg.com/healthpath',
    '/',
    'unknown-annotation',
    'Did you mean platform.myorg.com/health-path?',
  ],
  ['platform.myorg.com/zebra', '/', 'unknown-annotation', 'use one of'],
  ['platform.myorg.com/tier', ' ', 'empty-annotation', 'Write a value'],
];

describe('checkAnnotation', () => {
  it.each(good)('accepts %s: %s', (name, value) => {
    expect(checkAnnotation(name, value)).toBeUndefined();
  });

  it.each(bad)(
    'refuses %s: %s by the rule %s, and says how to put it right',
    (name, value, rule, fix) => {
      const problem = checkAnnotation(name, value);
      expect(problem).toMatchObject({ rule, level: 'warning' });
      expect(problem?.fix).toContain(fix);
    },
  );

  it('accepts the example that each rule gives, except for the annotation that must not be used', () => {
    const refused = annotationRules.filter(
      rule => checkAnnotation(rule.name, rule.example) !== undefined,
    );
    expect(refused.map(rule => rule.name)).toEqual([
      'pagerduty.com/integration-key',
    ]);
  });

  it('does not report annotations that the installation says it uses', () => {
    expect(
      checkAnnotation('platform.myorg.com/cost-centre', '12'),
    ).toBeDefined();
    expect(
      checkAnnotation('platform.myorg.com/cost-centre', '12', [
        'platform.myorg.com/cost-centre',
      ]),
    ).toBeUndefined();
  });

  it('never shows a credential as what was found', () => {
    const key = '0123456789abcdef0123456789abcdef';
    for (const [name, value] of [
      ['pagerduty.com/integration-key', key],
      ['pagerduty.com/service-id', key],
      [
        'datadog/dashboard-url',
        `https://user:${key}@app.datadoghq.com/dashboard/a`,
      ],
      [
        'platform.myorg.com/runbook-url',
        `https://user:${key}@wiki.acme.example`,
      ],
      [
        'platform.myorg.com/health-path',
        `https://user:${key}@wiki.acme.example`,
      ],
    ]) {
      const problem = checkAnnotation(name, value);
      expect(problem?.shownAs).toBeDefined();
      expect(JSON.stringify(problem)).not.toContain(key);
    }
  });
});
