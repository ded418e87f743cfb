import { answeringPortal } from '../../__testUtils__/answeringPortal';

jest.setTimeout(120_000);

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
