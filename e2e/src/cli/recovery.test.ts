import { platform, startPlatform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';

describe('a portal that is killed in the middle of a creation', () => {
  let portal: RunningPortal;
  const name = `survivor-${Date.now().toString(36)}`;

  beforeAll(async () => {
    portal = await startPortal({ fresh: true });
  }, 600_000);
  afterAll(() => portal?.stop(), 180_000);

  it('finishes it after it has started again, once', async () => {
    const command = startPlatform(portal, [
      ...['service', 'create', name, '--type', 'api', '--language', 'go'],
    ]);
    await command.printed(/✔ Check the name/);
    await portal.kill();
    const { code } = await command.ended;
    expect(code).toBe(6);

    await portal.restart();
    const deadline = Date.now() + 120_000;
    let shown = await platform(portal, ['service', 'show', name]);
    while (shown.code !== 0 && Date.now() < deadline) {
      await new Promise(done => setTimeout(done, 1000));
      shown = await platform(portal, ['service', 'show', name]);
    }
    expect(shown).toMatchObject({ code: 0 });

    const repositories = await portal.repositories();
    expect(repositories.filter(path => path.includes(name))).toEqual([
      `payments-team/${name}.git`,
    ]);
  }, 600_000);
});
