import { Deviation } from '@highroad/plugin-deployments-common';
import { answeringPortal } from '../../__testUtils__/answeringPortal';

const ID = '01932c07-5b1f-7c3e-8a55-0123456789ab';
const lifted: Deviation = {
  ...{ id: ID, guardrail: 'seccomp', state: 'active', reason: 'it must' },
  ...{ service: 'component:default/cart', environment: 'staging' },
  ...{ createdBy: 'user:default/anna', createdAt: '2026-11-25T12:00:00.000Z' },
  expiresAt: '2027-01-31T00:00:00.000Z',
};

describe('platform deviation list', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;

  beforeEach(async () => {
    portal = await answeringPortal();
  });
  afterEach(() => portal.close());

  it('has a line for each, and goes on with the very list that was asked for', async () => {
    const body = { items: [lifted], next: ID };
    portal.answers.push(
      {
        body: {
          ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Component' },
          metadata: { name: 'cart', namespace: 'default' },
        },
      },
      { body },
      { body },
    );
    const whole = await portal.platform(
      ...['deviation', 'list', 'cart', '--env', 'staging', '--all'],
    );
    const [, line, then] = whole.stdout.trim().split('\n');
    expect(line).toMatch(
      new RegExp(`^cart +staging +seccomp +2027-01-31 +anna +it must +${ID}$`),
    );
    expect(then).toBe(
      `There are more: platform deviation list cart --env staging --all --before ${ID}`,
    );
    const plain = await portal.platform('deviation', 'list');
    expect(plain.stdout.trim().split('\n').at(-1)).toBe(
      `There are more: platform deviation list --before ${ID}`,
    );
  });
});
