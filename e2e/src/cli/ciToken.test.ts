import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';

/** As docs/how-to/use-the-command-in-ci.md has it, with a token beside it that nobody named. */
const CONFIG = `
backend:
  auth:
    externalAccess:
      - type: static
        options: { token: creator-0123456789abcdef, subject: ci }
      - type: static
        options: { token: payment-0123456789abcdef, subject: ci-payment-service }
      - type: static
        options: { token: unnamed-0123456789abcdef, subject: ci-forgotten }
platform:
  access:
    machines:
      - subject: ci
        services: ['*']
        operations: [scaffolder.task.create, scaffolder.task.read, scaffolder.action.execute]
      - subject: ci-payment-service
        services: ['component:default/payment-service']
        operations: [scaffolder.task.create, scaffolder.task.read, scaffolder.action.execute]
`;

describe('the token of a pipeline', () => {
  let portal: RunningPortal;

  const run = (token: string, ...args: string[]) =>
    platform(portal, args, {
      PLATFORM_URL: portal.backendUrl,
      PLATFORM_TOKEN: `${token}-0123456789abcdef`,
    });
  const create = (token: string, name: string) =>
    run(
      token,
      ...['service', 'create', name, '--type', 'api', '--language', 'go'],
      ...['--owner', 'payments-team'],
    );

  beforeAll(async () => {
    portal = await startPortal({ config: CONFIG });
  }, 600_000);
  afterAll(() => portal?.stop(), 180_000);

  it('lists services and creates one, where its operations name that', async () => {
    const list = await run('creator', 'service', 'list', '--json');
    expect(list.code).toBe(0);
    const names = JSON.parse(list.stdout).map((s: { name: string }) => s.name);
    // It is nobody's team, so it sees everyone's.
    expect(names).toEqual(
      expect.arrayContaining(['payment-service', 'user-service']),
    );

    const { code, stdout, stderr } = await create('creator', 'from-ci');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('✔ Register it in the catalog'),
    });
    expect(stdout).toMatch(/^from-ci is created\./);
    const shown = await run('creator', 'service', 'show', 'from-ci', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      owner: expect.stringContaining('payments-team'),
    });
  }, 120_000);

  it('creates nothing with the same operations, where it is limited to a service', async () => {
    const dependents = await run('payment', 'dependents', 'payment-service');
    expect(dependents.code).toBe(0);

    const { code, stdout, stderr } = await create('payment', 'not-from-ci');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/You may not do this/);
    expect(stderr).toContain('platform.access.machines');
    const shown = await run('payment', 'service', 'show', 'not-from-ci');
    expect(shown.code).toBe(5);
  }, 180_000);

  it.each([
    ['service', 'list'],
    ['dependents', 'payment-service'],
    ['audit', 'search'],
    [
      ...['service', 'create', 'never', '--type', 'api', '--language', 'go'],
      ...['--owner', 'payments-team'],
    ],
  ])(
    'may do nothing if nobody named it, and is told where: %s %s',
    async (...args) => {
      const { code, stdout, stderr } = await run('unnamed', ...args);
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toContain(
        'This token (ci-forgotten) is not named under platform.access.machines, so it may do nothing here.',
      );
    },
    30_000,
  );

  it('is compared with what the portal accepts, where it is another', async () => {
    const { code, stderr } = await run('mistyped', 'service', 'list');
    expect(code).toBe(3);
    expect(stderr).toContain('backend.auth.externalAccess');
    expect(stderr).not.toContain('mistyped-0123456789abcdef');
  });
});
