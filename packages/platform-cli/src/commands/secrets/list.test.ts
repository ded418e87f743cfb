import { answeringPortal } from '../../__testUtils__/answeringPortal';

const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', namespace: 'default' },
};
const environments = [
  { name: 'staging', production: false },
  { name: 'production', production: true },
];
const secret = (key: string, more: object = {}) => ({
  ...{ service: 'component:default/cart', environment: 'staging', key },
  ...{ version: 3, state: 'set', updatedAt: '', sync: 'synced', ...more },
});
const rotation = (key: string, more: object = {}) => ({
  ...{ environment: 'staging', key, everyDays: 30, overdue: false },
  ...{ dueAt: '2099-01-01T00:00:00.000Z', ...more },
});
const need = (kind: string, more: object = {}) => ({
  ...{ service: 'component:default/cart', environment: 'staging', kind },
  ...{ production: false, key: 'TOKEN', message: 'It is late.', ...more },
});

describe('platform secrets list', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;
  beforeEach(async () => {
    portal = await answeringPortal();
    portal.routes.set('/catalog/', { body: cart });
  });
  afterEach(() => portal.close());

  it('of a service says what is due, late, behind or lent, with what needs somebody first', async () => {
    portal.routes.set('/v1/secrets?', {
      body: {
        items: [
          ...[secret('A_FINE'), secret('B_BEHIND', { sync: 'behind' })],
          ...[secret('C_DUE'), secret('D_LATE'), secret('E_FAILS')],
        ],
        ...{ environments, sync: [], provided: ['A_FINE'] },
        lent: [{ environment: 'staging', key: 'A_FINE', to: ['pr-1', 'pr-2'] }],
      },
    });
    portal.routes.set('/v1/rotations?', {
      body: {
        items: [
          rotation('A_FINE'),
          rotation('C_DUE', { dueAt: new Date().toISOString() }),
          rotation('D_LATE', {
            ...{ overdue: true, dueAt: '2027-01-01T00:00:00.000Z' },
          }),
          rotation('E_FAILS', { problem: 'Vault is sealed.' }),
        ],
      },
    });
    portal.routes.set('/v1/secret-references?', {
      body: {
        items: [
          {
            ...{ environment: 'staging', version: '1.0', at: '2027-01-01' },
            references: [
              ...['A_FINE', 'F_NEEDED'].map(key => ({
                ...{ object: 'Deployment cart', secret: 'cart' },
                ...{ key, optional: false },
              })),
            ],
          },
        ],
      },
    });
    const { code, stdout } = await portal.platform('secrets', 'list', 'cart');
    expect(code).toBe(0);
    expect(
      stdout.split('\n').map(line => line.replace(/ {2,}/g, ' | ')),
    ).toEqual([
      'KEY | STAGING | PRODUCTION',
      'F_NEEDED | — missing | — missing',
      'D_LATE | ✔ version 3; ✖ overdue | — missing',
      'B_BEHIND | ✔ version 3; ✖ behind | — missing',
      'E_FAILS | ✔ version 3; ✖ not replaced | — missing',
      'C_DUE | ✔ version 3; … due | — missing',
      'A_FINE | ✔ version 3 | — made with the first deployment',
      '✖ F_NEEDED is missing in staging: Deployment cart of 1.0 needs it. Set it: platform secrets set cart/F_NEEDED --env staging',
      '✖ F_NEEDED is missing in production: Deployment cart of 1.0 needs it (deployed to staging). Set it: platform secrets set cart/F_NEEDED --env production',
      expect.stringMatching(
        /^… due \| C_DUE in staging, replaced every 30 days, due 20/,
      ),
      '✖ overdue | D_LATE in staging, replaced every 30 days, due 2027-01-01T00:00:00Z',
      '✖ not replaced | E_FAILS in staging, replaced every 30 days, due 2099-01-01T00:00:00Z: Vault is sealed. See docs/runbooks/secret-not-replaced.md.',
      'A_FINE of staging is lent to pr-1, pr-2',
      '',
    ]);
  });

  it('of a service says which keys Vault refuses and why, and calls none of these missing', async () => {
    portal.routes.set('/v1/secrets?', {
      body: {
        ...{ items: [secret('A_FINE')], environments, sync: [] },
        unseen: [
          { environment: 'staging', key: 'B_SHUT', why: 'Vault refused it.' },
          { environment: 'production', why: 'Vault refused all.' },
        ],
      },
    });
    portal.routes.set('/v1/rotations?', { body: { items: [] } });
    portal.routes.set('/v1/secret-references?', {
      body: {
        items: [
          {
            ...{ environment: 'staging', version: '1.0', at: '2027-01-01' },
            references: [
              {
                ...{ object: 'Deployment cart', secret: 'cart' },
                ...{ key: 'B_SHUT', optional: false },
              },
            ],
          },
        ],
      },
    });
    const { code, stdout } = await portal.platform('secrets', 'list', 'cart');
    expect(code).toBe(0);
    expect(
      stdout.split('\n').map(line => line.replace(/ {2,}/g, ' | ')),
    ).toEqual([
      'KEY | STAGING | PRODUCTION',
      'A_FINE | ✔ version 3 | ? unknown',
      'B_SHUT | ? unknown | ? unknown',
      '! B_SHUT in staging cannot be seen: Vault refused it.',
      '! What there is in production cannot be seen: Vault refused all.',
      '',
    ]);
  });

  it('of a service without keys says all the same what could not be seen, and where a cluster is behind', async () => {
    portal.routes.set('/v1/secrets?', {
      body: {
        ...{ items: [], environments, lent: [] },
        lentUnknown: 'Which environments are lent these cannot be seen now.',
        sync: [
          {
            ...{ environment: 'staging', cluster: 'main', secret: 'cart' },
            ...{ namespace: 'cart-staging', state: 'behind' },
            message: 'The cluster does not answer.',
          },
        ],
      },
    });
    portal.routes.set('/v1/rotations?', { body: { items: [] } });
    portal.routes.set('/v1/secret-references?', {
      status: 503,
      body: { error: { name: 'ServiceUnavailableError', message: 'Later.' } },
    });
    const { code, stdout } = await portal.platform('secrets', 'list', 'cart');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'cart has no secrets.',
      'Set one: platform secrets set cart/DATABASE_URL',
      expect.stringMatching(/^! What its programs need cannot be seen: .+/),
      '! Which environments are lent these cannot be seen now.',
      '✖ behind  staging: The cluster does not answer. See docs/runbooks/secrets-behind.md.',
      '',
    ]);
  });

  it('without one says what needs somebody, what to do about it, and whether there is more', async () => {
    portal.routes.set('/v1/attention?', {
      body: {
        items: [
          need('missing', { message: 'Deployment cart of 1.0 needs it.' }),
          need('overdue', { dueAt: '2027-01-01T00:00:00.000Z' }),
          need('behind', { key: undefined, message: 'It does not answer.' }),
        ],
        ...{ next: 3, missingUnknown: 'It is not all known.' },
      },
    });
    const { code, stdout, stderr } = await portal.platform('secrets', 'list');
    expect([code, portal.asked[0].what]).toEqual([
      0,
      'GET /api/secrets/v1/attention?limit=50',
    ]);
    expect(
      stdout.split('\n').map(line => line.replace(/ {2,}/g, ' | ')),
    ).toEqual([
      'NEEDS | SERVICE | KEY | ENVIRONMENT | WHEN | WHY',
      '✖ missing | cart | TOKEN | staging | Deployment cart of 1.0 needs it.',
      '✖ overdue | cart | TOKEN | staging | 2027-01-01T00:00:00Z | It is late.',
      '✖ behind | cart | all keys | staging | It does not answer.',
      '! It is not all known.',
      'There is more: --limit 200',
      'All of a service: platform secrets list cart',
      '',
    ]);
    expect(stderr).toContain('docs/runbooks/secret-not-replaced.md');
    expect(stderr).toContain('docs/runbooks/secrets-behind.md');
  });

  it('says so where nothing needs anybody, and what does not go together', async () => {
    portal.routes.set('/v1/attention?', { body: { items: [] } });
    const { stdout } = await portal.platform(
      ...['secrets', 'list', '--limit', '7'],
    );
    expect(stdout).toContain('No secret that you may see needs anybody.');
    expect(portal.asked[0].what).toContain('limit=7');
    for (const argv of [
      ['--env', 'staging'],
      ['cart', '--limit', '7'],
      ['--limit', '0'],
    ]) {
      const refused = await portal.platform('secrets', 'list', ...argv);
      expect([argv, refused.code]).toEqual([argv, 2]);
    }
  });
});

describe('platform secrets run', () => {
  it('says for the record which program it was, without its arguments, unless a reason is given', async () => {
    const portal = await answeringPortal();
    portal.routes.set('/catalog/', { body: cart });
    portal.routes.set('/v1/runs', { body: { items: [] } });
    const run = ['secrets', 'run', 'cart', '--env', 'staging'];
    const program = [process.execPath, '-e', 'process.exit(0) // s3cret'];
    try {
      await portal.platform(...run, '--', ...program);
      await portal.platform(...run, '--reason', 'to try', '--', ...program);
      const reasons = portal.asked.flatMap(({ body }) =>
        typeof body === 'object' && body !== null && 'reason' in body
          ? [body.reason]
          : [],
      );
      expect(reasons).toEqual(['run: node', 'to try']);
    } finally {
      await portal.close();
    }
  });
});
