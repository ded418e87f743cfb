import { platform, startPlatform } from '../support/platform';
import { goTestCreated } from '../support/goTest';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';

describe('platform, against a real portal', () => {
  let portal: RunningPortal;
  const stamp = Date.now().toString(36);

  beforeAll(async () => {
    portal = await startPortal();
  }, 600_000);
  afterAll(() => portal?.stop(), 180_000);

  it('works at once, without a login, on the machine of the portal', async () => {
    const { code, stdout } = await platform(portal, ['whoami', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      user: 'user:development/guest',
      teams: ['group:default/payments-team'],
      portal: portal.backendUrl,
    });
  });

  it('says what breaks if payment-service breaks, in words and in JSON', async () => {
    const words = await platform(portal, ['dependents', 'payment-service']);
    expect(words.stdout).toMatch(
      /^(At least )?\d+ things break if payment-service breaks/,
    );
    expect(words.stdout).toMatch(/order-service/);
    // A pipe gets no colours and no control characters.
    expect(words.stdout).not.toContain('\u001b');

    const json = await platform(portal, [
      ...['dependents', 'payment-service', '--json'],
    ]);
    const answer = JSON.parse(json.stdout);
    expect(answer.root.ref).toBe('component:default/payment-service');
    expect(json.stderr).toBe('');
  });

  it('leads from a slip of the finger to what was meant, with code 5', async () => {
    const { code, stdout, stderr } = await platform(portal, [
      ...['dependents', 'paymnet-service'],
    ]);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toMatch(/Did you mean payment-service/);
  });

  it('lists and shows services', async () => {
    const own = await platform(portal, ['service', 'list', '--json']);
    const names = JSON.parse(own.stdout).map((s: { name: string }) => s.name);
    expect(names).toContain('payment-service');
    expect(names).not.toContain('user-service');

    const all = await platform(portal, ['service', 'list', '--all']);
    expect(all.stdout).toMatch(/^NAME/);
    expect(all.stdout).toMatch(/user-service/);

    const shown = await platform(portal, [
      ...['service', 'show', 'payment-service', '--json'],
    ]);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      owner: expect.stringContaining('payments-team'),
      tags: expect.arrayContaining(['billing', 'critical']),
    });
  });

  describe('service create', () => {
    const name = `typed-${stamp}`;
    const answers = ['--type', 'api', '--language', 'go'];

    it('shows the tree first when asked to, and makes nothing', async () => {
      const { code, stdout } = await platform(portal, [
        ...['service', 'create', name, ...answers],
        ...['--database', 'postgres', '--dry-run'],
      ]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/└── |├── /);
      expect(stdout).toMatch(/catalog-info\.yaml/);
      expect(stdout).toMatch(/Nothing was created/);
      const { code: shown } = await platform(portal, ['service', 'show', name]);
      expect(shown).toBe(5);
    });

    it('creates the service of the brief, with a line for each step, and the next command', async () => {
      const { code, stdout, stderr } = await platform(portal, [
        ...['service', 'create', name, ...answers, '--database', 'postgres'],
      ]);
      expect(stderr).toMatch(/✔ Check the name/);
      expect(stderr).toMatch(/✔ Register it in the catalog/);
      expect(stdout).toMatch(new RegExp(`^${name} is created`));
      expect(stdout).toMatch(/Next: git clone /);
      expect(code).toBe(0);
    }, 120_000);

    it('refuses the same name again with code 4, before anything happens', async () => {
      const { code, stdout, stderr } = await platform(portal, [
        ...['service', 'create', name, ...answers],
      ]);
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(stderr).toMatch(/There is a .* in the catalog/);
    });

    it('lists what is missing with code 2 when nobody can be asked', async () => {
      const { code, stderr } = await platform(portal, [
        ...['service', 'create', `other-${stamp}`],
      ]);
      expect(code).toBe(2);
      expect(stderr).toMatch(/--type api\|worker\|web/);
    });

    it('goes on with the creation when it is interrupted, and says where to follow it', async () => {
      const interrupted = `interrupted-${stamp}`;
      const command = startPlatform(portal, [
        ...['service', 'create', interrupted, ...answers],
      ]);
      await command.printed(/✔ Check the name/);
      command.interrupt();
      const { code, stderr } = await command.ended;
      expect(code).toBe(130);
      expect(stderr).toMatch(/the creation goes on[^]*\/create\/tasks\//);
    }, 180_000);

    describeWith(['go'], 'the repository that was typed together', () => {
      it('passes go test ./...', async () => {
        expect(await goTestCreated(portal, name)).toMatch(/^ok /m);
      }, 600_000);
    });
  });

  it('takes a token from the environment, as CI has it, and refuses a wrong one', async () => {
    const guest = await fetch(`${portal.backendUrl}/api/auth/guest/refresh`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const { backstageIdentity } = await guest.json();
    const env = {
      PLATFORM_URL: portal.backendUrl,
      PLATFORM_TOKEN: backstageIdentity.token,
    };
    const { code } = await platform(portal, ['service', 'list'], env);
    expect(code).toBe(0);

    const wrong = await platform(portal, ['service', 'list'], {
      ...env,
      PLATFORM_TOKEN: 'not-a-token',
    });
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).not.toContain('not-a-token');
    expect(wrong.stderr).toMatch(/platform login/);
  });
});
