import { answeringPortal } from '../../__testUtils__/answeringPortal';
import { exitCodes } from '../../exitCodes';

const NEXT = '2026-01-01T12:00:00.000Z_u-1';
const environment = {
  ...{ name: 'pr-1', home: 'environments', phase: 'degraded' },
  ...{ message: 'It is not.', services: [], kept: false, warnings: [] },
  createdAt: '2026-01-01T10:00:00Z',
};

describe('the list of environments', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;
  beforeEach(async () => {
    portal = await answeringPortal();
  });
  afterEach(() => portal.close());

  it('is asked for by what is in it, and says how it goes on', async () => {
    portal.answers.push({
      body: { items: [environment], standing: [], next: NEXT },
    });
    const { code, stdout } = await portal.platform(
      ...['env', 'list', '--owner', 'shop', '--state', 'degraded'],
      ...['--limit', '1'],
    );
    expect(code).toBe(exitCodes.done);
    const [{ what }] = portal.asked;
    for (const part of ['owner=shop', 'phase=degraded', 'limit=1']) {
      expect(what).toContain(part);
    }
    expect(stdout).toContain('pr-1');
    expect(stdout).toContain(
      `There are more: platform env list --owner shop --state degraded --limit 1 --before ${NEXT}`,
    );
  });

  it('is asked for by the repository of pull requests', async () => {
    portal.answers.push({ body: { items: [], standing: [], next: NEXT } });
    const address = 'https://git.test/acme/cart';
    const { stdout } = await portal.platform(
      ...['env', 'list', '--repository', address],
    );
    expect(portal.asked[0].what).toContain(`repository=${address}`);
    expect(stdout).toContain('No preview environment is like that.');
    expect(stdout).toContain(`env list --repository ${address} --before`);
  });

  it('does not say that there is none where none is like that', async () => {
    portal.answers.push({ body: { items: [], standing: [] } });
    const { stdout } = await portal.platform(
      ...['env', 'list', '--before', NEXT],
    );
    expect(portal.asked[0].what).toContain(`before=${NEXT}`);
    expect(stdout).toContain('No preview environment is like that.');
  });

  it('refuses states and numbers that cannot be', async () => {
    for (const flags of [
      ['--state', 'fine'],
      ['--limit', '0'],
    ]) {
      const { code } = await portal.platform('env', 'list', ...flags);
      expect(code).toBe(exitCodes.usage);
    }
    expect(portal.asked).toEqual([]);
  });
});
