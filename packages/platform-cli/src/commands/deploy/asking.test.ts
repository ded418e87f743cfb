import { answeringPortal } from '../../__testUtils__/answeringPortal';

const ID = '01932c07-5b1f-7c3e-8a55-0123456789ab';
const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', namespace: 'default' },
};
const deployment = {
  ...{ id: ID, kind: 'deploy', service: 'component:default/cart' },
  ...{ environment: 'staging', version: '1.4.2', image: 'shop/cart' },
  ...{ state: 'queued', summary: 'Waits for a worker', revision: 1 },
  ...{ requestedBy: 'ci-cart', door: 'cli', correlation: 'trip-000001' },
  requestedAt: '2026-11-25T12:00:00.000Z',
};
const service = 'component:default/cart';
const NO = { again: false, takeOver: false, supersede: false };

describe('what the portal is asked to do', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;

  beforeEach(async () => {
    portal = await answeringPortal();
    portal.answers.push({ body: cart }, { body: { deployment } });
  });
  afterEach(() => portal.close());

  it.each([
    [
      'deploy cart --env staging --version 1.4.2',
      ['deployments', { version: '1.4.2', environment: 'staging', ...NO }],
    ],
    [
      'deploy cart --env staging --version 1.4.2 --take-over',
      [
        'deployments',
        { version: '1.4.2', environment: 'staging', ...NO, takeOver: true },
      ],
    ],
    [
      `deploy cart --env staging --version 1.4.3 --fixes ${ID} --unplanned`,
      [
        'deployments',
        {
          ...{ version: '1.4.3', environment: 'staging', ...NO },
          ...{ fixes: ID, unplanned: true },
        },
      ],
    ],
    [
      'promote cart --from test --to staging --unplanned',
      [
        'promotions',
        { from: 'test', environment: 'staging', ...NO, unplanned: true },
      ],
    ],
    [
      'promote cart --from test --to staging',
      ['promotions', { from: 'test', environment: 'staging', ...NO }],
    ],
    [
      'promote cart --from test --to staging --supersede --take-over',
      [
        'promotions',
        {
          ...{ from: 'test', environment: 'staging', again: false },
          ...{ supersede: true, takeOver: true },
        },
      ],
    ],
    [
      'rollback cart --env staging',
      ['rollbacks', { environment: 'staging', takeOver: true }],
    ],
    [
      'rollback cart --env staging --no-take-over',
      ['rollbacks', { environment: 'staging', takeOver: false }],
    ],
  ] as const)('by "platform %s"', async (line, [path, body]) => {
    const { code, stdout } = await portal.platform(
      ...line.split(' '),
      '--no-wait',
    );
    expect(code).toBe(0);
    expect(portal.asked[1]).toEqual({
      what: `POST /api/deployments/v1/${path}`,
      body: { service, ...body },
    });
    expect(stdout).toContain(
      `Follow it: platform deployment show ${ID} --watch`,
    );
  });

  it('is nothing by "platform deploy --dry-run", which says what the checks came to, and what differs', async () => {
    const check = (name: string, state: string, summary: string) => ({
      check: { name, state, summary, evidence: [] },
    });
    const news = [
      check('image', 'running', 'Asks the registry for it'),
      check('image', 'succeeded', 'It is there'),
      {
        preview: {
          ...{ ok: true, version: '1.4.2', summary: 'All checks hold' },
          checks: [check('image', 'succeeded', 'It is there').check],
          commits: { known: false, why: 'Nothing runs there yet.' },
          manifests: { known: false, why: 'Nothing runs there yet.' },
        },
      },
    ];
    const told = (lines: object[]) =>
      lines.map(line => `${JSON.stringify(line)}\n`).join('');
    const line = 'deploy cart --env staging --version 1.4.2 --dry-run';
    portal.answers.splice(1, 1, { body: told(news) });
    const { code, stdout } = await portal.platform(...line.split(' '));
    expect(code).toBe(0);
    expect(portal.asked[1].what).toBe(
      `GET /api/deployments/v1/preview-steps?service=${service}&environment=staging&version=1.4.2`,
    );
    expect(stdout.split('\n')[0]).toBe('✔ image: It is there');
    expect(stdout).toContain('Nothing was changed.');

    portal.answers.push(
      { body: cart },
      { body: told([{ error: { name: 'Error', message: 'Git is away.' } }]) },
      { body: cart },
      { body: told(news.slice(0, 1)) },
    );
    const broken = await portal.platform(...line.split(' '));
    expect(broken.code).not.toBe(0);
    expect(broken.stderr).toContain('Git is away.');
    const cut = await portal.platform(...line.split(' '));
    expect(cut.stderr).toContain('broke off before all was checked');
  });

  it('is nothing by "platform promote --dry-run", which says the same of what would be promoted', async () => {
    const why = { known: false, why: 'Nothing runs there yet.' };
    const preview = {
      ...{ ok: true, version: '1.4.2', digest: 'sha256:good' },
      ...{ summary: 'All checks hold', checks: [] },
      ...{ commits: why, manifests: why },
    };
    const line = 'promote cart --from staging --to production --dry-run';
    portal.answers.splice(1, 1, { body: `${JSON.stringify({ preview })}\n` });
    const { code, stdout } = await portal.platform(...line.split(' '));
    expect(code).toBe(0);
    expect(portal.asked.map(({ what }) => what).slice(1)).toEqual([
      `GET /api/deployments/v1/preview-steps?service=${service}&environment=production&from=staging`,
    ]);
    expect(stdout).toContain('1.4.2 (sha256:good) runs in staging.');
    expect(stdout).toContain('Nothing runs in production yet.');

    const refusing = {
      ...{ ...preview, ok: false, summary: 'A guardrail refuses it' },
      checks: [
        {
          ...{ name: 'guardrails', state: 'failed', evidence: ['no probe'] },
          summary: 'A guardrail refuses it',
        },
      ],
    };
    portal.answers.push(
      { body: cart },
      { body: `${JSON.stringify({ preview: refusing })}\n` },
    );
    const refused = await portal.platform(...line.split(' '));
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(
      '1.4.2 would not be promoted to production.',
    );
    expect(refused.stderr).toContain('no probe');
  });

  it('is waited for, with each step as it is done', async () => {
    const at = '2026-11-25T12:00:00.000Z';
    const step = (number: number, name: string, state: string) => ({
      ...{ number, name, state, summary: `about ${name}` },
      ...{ startedAt: at, evidence: [] },
    });
    const checking = {
      ...{ ...deployment, state: 'checking', summary: 'Checks it' },
      revision: 2,
    };
    const image = step(1, 'image', 'succeeded');
    portal.answers.push(
      { body: { deployment: { ...checking, steps: [image] } } },
      {
        body: {
          deployment: {
            ...{ ...checking, state: 'succeeded', revision: 3 },
            steps: [
              image,
              step(2, 'manifests', 'succeeded'),
              step(3, 'ready', 'succeeded'),
            ],
          },
        },
      },
    );
    const line = 'deploy cart --env staging --version 1.4.2';
    const { stderr } = await portal.platform(...line.split(' '));
    expect(stderr.trim().split('\n')).toEqual([
      '✔ image: about image',
      '… checking: Checks it',
      '✔ manifests: about manifests',
      '✔ ready: about ready',
    ]);
  });

  it('is nothing by "platform rollback --dry-run", which says what would be put back', async () => {
    const earlier = { ...deployment, version: '1.4.1', state: 'succeeded' };
    portal.answers.splice(1, 1, {
      body: { undone: deployment, proposed: earlier, offered: [earlier] },
    });
    const { code, stdout } = await portal.platform(
      ...['rollback', 'cart', '--env', 'staging', '--dry-run'],
    );
    expect(code).toBe(0);
    expect(portal.asked.map(one => one.what).slice(1)).toEqual([
      `GET /api/deployments/v1/rollback-targets?service=${service}&environment=staging`,
    ]);
    expect(stdout).toContain('1.4.1 would be put back in the place of 1.4.2.');
    expect(stdout).toContain(ID);
  });
});
