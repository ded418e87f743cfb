import { DeploymentDetail } from '@highroad/plugin-deployments-common';
import { answeringPortal, refusal } from '../../__testUtils__/answeringPortal';

const ID = '01932c07-5b1f-7c3e-8a55-0123456789ab';
const OTHER = '01932c07-5b1f-7c3e-8a55-0123456789ac';

function detail(rest: Partial<DeploymentDetail> = {}): DeploymentDetail {
  return {
    ...{ id: ID, kind: 'deploy', service: 'component:default/cart' },
    ...{ environment: 'staging', version: '1.4.2', strategy: 'canary' },
    image: 'registry.example.com/shop/cart',
    digest: `sha256:${'ab'.repeat(32)}`,
    state: 'shifting',
    summary: 'Waits to go on: 1 of 2 pods are ready',
    progress: {
      ...{ wanted: 2, updated: 1, ready: 1, weight: 20, step: 2, steps: 5 },
      paused: true,
    },
    requestedBy: 'user:default/anna',
    door: 'cli',
    correlation: 'trip-000001',
    requestedAt: '2026-11-25T12:00:00.000Z',
    revision: 9,
    steps: [
      {
        ...{ number: 1, name: 'image', state: 'succeeded' },
        summary: 'It is there',
        startedAt: '2026-11-25T12:00:00.000Z',
        evidence: ['sha256:abc'],
      },
      {
        ...{ number: 2, name: 'ready', state: 'running' },
        summary: 'Waits to go on',
        startedAt: '2026-11-25T12:00:01.000Z',
        evidence: ['cart-5f7: ready'],
      },
    ],
    ...rest,
  };
}

describe('platform deployment', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;

  beforeEach(async () => {
    portal = await answeringPortal();
  });
  afterEach(() => portal.close());

  it('show names guardrails that were lifted, with the reasons', async () => {
    const lifted = 'readiness-probe: Lifted until 2026-12-30: it serves nobody';
    const [image] = detail().steps;
    portal.answers.push({
      body: {
        deployment: detail({
          state: 'succeeded',
          steps: [
            image,
            {
              ...{ ...image, number: 2, name: 'guardrails' },
              summary: 'They hold, but for 1 that deviations lift',
              evidence: [lifted],
            },
          ],
        }),
      },
    });
    const { stdout } = await portal.platform('deployment', 'show', ID);
    expect(stdout).toContain(
      `✔ guardrails: They hold, but for 1 that deviations lift\n    ${lifted}\n`,
    );
    expect(stdout).not.toContain('sha256:abc');
  });

  it('list has a line for each, with the id that other commands take', async () => {
    const { steps, ...one } = detail();
    const undone = { state: 'failed', undoneBy: OTHER } as const;
    portal.answers.push({
      body: { items: [one, { ...one, ...undone, id: OTHER }], next: OTHER },
    });
    const { code, stdout } = await portal.platform(
      ...['deployment', 'list', '--env', 'staging', '--active'],
    );
    expect(code).toBe(0);
    expect(portal.asked[0].what).toBe(
      'GET /api/deployments/v1/deployments?environment=staging&state=queued&state=checking&state=waiting-for-approval&state=applying&state=shifting&limit=20',
    );
    const [, first, second, ...then] = stdout.trim().split('\n');
    expect(first).toMatch(
      new RegExp(
        `^cart +staging +1\\.4\\.2 +… shifting +\\d+ days ago +anna +${ID}$`,
      ),
    );
    expect(second).toMatch(/✖ failed, undone/);
    expect(then).toEqual([
      'See one with its steps: platform deployment show <id>',
      `There are more: platform deployment list --env staging --active --before ${OTHER}`,
    ]);
  });

  it('list goes on with what was asked for', async () => {
    const { steps, ...one } = detail();
    portal.answers.push(
      {
        body: {
          ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Component' },
          metadata: { name: 'cart', namespace: 'default' },
        },
      },
      { body: { items: [one], next: OTHER } },
    );
    const { stdout } = await portal.platform(
      ...['deployment', 'list', 'cart', '--state', 'failed', '--limit', '1'],
    );
    expect(stdout.trim().split('\n').at(-1)).toBe(
      `There are more: platform deployment list cart --state failed --limit 1 --before ${OTHER}`,
    );
  });

  it('list as JSON is what the portal answers', async () => {
    const body = { items: [] };
    portal.answers.push({ body }, { body });
    const { stdout } = await portal.platform('deployment', 'list', '--json');
    expect(JSON.parse(stdout)).toEqual(body);
    expect((await portal.platform('deployment', 'list')).stdout).toBe(
      'There is none.\n',
    );
  });

  it.each([
    [['--limit', '0'], 'from 1 to 200'],
    [['--limit', 'many'], 'from 1 to 200'],
    [['--state', 'done'], 'Allowed choices are queued, checking'],
    [['--state', 'failed', '--active'], 'cannot be used with'],
  ])('list %j asks nothing', async (args, why) => {
    const { code, stderr } = await portal.platform(
      'deployment',
      'list',
      ...args,
    );
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(portal.asked).toEqual([]);
  });

  it.each([
    [['--step', '0'], 'whole number from 1'],
    [['--step', 'two'], 'whole number from 1'],
  ])('skip %j asks nothing', async (args, why) => {
    const { code, stderr } = await portal.platform(
      ...['deployment', 'skip', ID, ...args],
    );
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(portal.asked).toEqual([]);
  });

  it('show says how it stands, what was done and what can be done next', async () => {
    portal.answers.push({ body: { deployment: detail({ reason: 'a fix' }) } });
    const { code, stdout } = await portal.platform('deployment', 'show', ID);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      '… shifting  1.4.2 of cart to staging: Waits to go on: 1 of 2 pods are ready',
      '1 of 2 pods ready, 20 % of the requests, step 2 of 5, paused',
      '',
      `Id: ${ID}`,
      `Image: registry.example.com/shop/cart@sha256:${'ab'.repeat(32)}`,
      'Strategy: canary',
      'Asked for: by anna (cli) at 2026-11-25T12:00:00Z',
      'Reason: a fix',
      '',
      '✔ image: It is there',
      '… ready: Waits to go on',
      '    cart-5f7: ready',
      `Go on with it: platform deployment resume ${ID} --step 2`,
      `Give it all the traffic: platform deployment skip ${ID} --all`,
      `Take it back: platform deployment abort ${ID}`,
    ]);
  });

  it.each([
    [{ state: 'waiting-for-approval' }, `deployment approve ${ID}`],
    [{ state: 'applying' }, `deployment cancel ${ID}`],
    [{ strategy: 'rolling' }, `deployment show ${ID} --watch`],
    [{ progress: undefined }, `deployment pause ${ID}`],
    [{ state: 'failed', undoneBy: OTHER }, `deployment show ${OTHER}`],
    [{ state: 'failed' }, 'status cart --env staging'],
    [{ state: 'succeeded' }, 'status cart --env staging'],
  ] as const)('show of %j leads to what makes sense', async (rest, command) => {
    portal.answers.push({ body: { deployment: detail(rest) } });
    const { stdout } = await portal.platform('deployment', 'show', ID);
    expect(stdout).toContain(`: platform ${command}\n`);
  });

  it('show follows one that goes on to its end, and ends as that does', async () => {
    const failed = detail({ state: 'failed', summary: 'It crashes' });
    portal.answers.push(
      { body: { deployment: detail() } },
      { body: { deployment: failed } },
    );
    const { code, stdout, stderr } = await portal.platform(
      ...['deployment', 'show', ID, '--watch'],
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✖ failed {2}1\.4\.2 of cart to staging/);
    expect(stderr).toContain('It crashes');
  });

  it('show prints what was applied as it is, for kubectl', async () => {
    const manifests = { digest: 'cd', text: 'kind: Deployment\n' };
    portal.answers.push({ body: manifests });
    const { stdout } = await portal.platform(
      'deployment',
      'show',
      ID,
      '--manifests',
    );
    expect(stdout).toBe('kind: Deployment\n');
    expect(portal.asked[0].what).toBe(
      `GET /api/deployments/v1/deployments/${ID}/manifests`,
    );
  });

  it.each([
    [['pause'], 'steer', { action: 'pause' }],
    [['resume'], 'steer', { action: 'promote' }],
    [['resume', '--step', '2'], 'steer', { action: 'promote', step: 2 }],
    [['skip'], 'steer', { action: 'skip' }],
    [['skip', '--step', '3'], 'steer', { action: 'skip', step: 3 }],
    [['skip', '--all'], 'steer', { action: 'promote-full' }],
    [['abort'], 'steer', { action: 'abort' }],
    [['cancel'], 'cancel', {}],
    [['approve'], 'approve', {}],
  ])(
    '%j asks for that, with the reason',
    async ([verb, ...more], path, body) => {
      const { steps, ...deployment } = detail();
      portal.answers.push({ body: { deployment } }, { body: { deployment } });
      const words = ['deployment', verb, ID, ...more, '--reason', 'it is odd'];
      const { code, stdout } = await portal.platform(...words);
      expect(code).toBe(0);
      expect(portal.asked).toEqual([
        {
          what: `POST /api/deployments/v1/deployments/${ID}/${path}`,
          body: { ...body, reason: 'it is odd' },
        },
      ]);
      expect(stdout).toMatch(
        new RegExp(`^1\\.4\\.2 of cart to staging .*\\n.*: platform .* ${ID}`),
      );
      const json = await portal.platform(...words, '--json');
      expect(JSON.parse(json.stdout)).toEqual({ deployment });
    },
  );

  it.each([
    [400, 2],
    [403, 3],
    [404, 5],
    [409, 4],
  ])(
    'a refusal with %d ends with %d, in the portal’s words',
    async (status, code) => {
      const message = `There is nothing to pause: deployment ${ID} is applying.`;
      portal.answers.push(refusal(status, message));
      const ended = await portal.platform('deployment', 'pause', ID);
      expect(ended).toMatchObject({ code, stdout: '' });
      expect(ended.stderr).toContain(message);
    },
  );
});
