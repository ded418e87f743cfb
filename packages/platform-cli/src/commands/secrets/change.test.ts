import { answeringPortal, refusal } from '../../__testUtils__/answeringPortal';

const cart = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart', namespace: 'default' },
};
const change = {
  ...{ environment: 'staging', key: 'TOKEN', version: 4 },
  replaced: { version: 3, by: 'user:default/mona' },
};

describe('platform secrets', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;

  beforeEach(async () => {
    portal = await answeringPortal();
    portal.answers.push({ body: cart });
  });
  afterEach(() => portal.close());

  it('set says which version was replaced and who had set it', async () => {
    portal.answers.push({
      body: { changes: [{ ...change, outcome: 'set' }], sync: [] },
    });
    const { code, stdout } = await portal.platform(
      ...['secrets', 'set', 'cart/TOKEN', 'value', '--env', 'staging'],
      ...['--if-version', '3'],
    );
    expect([code, stdout.trim()]).toEqual([
      0,
      '✔ set  cart/TOKEN in staging, version 4, in place of version 3 by user:default/mona',
    ]);
    expect(portal.asked[1].body).toMatchObject({ ifVersion: 3 });
  });

  it('delete and restore change no version but the one that was seen', async () => {
    portal.answers.push({
      body: { changes: [{ ...change, outcome: 'deleted' }], sync: [] },
    });
    const deleted = await portal.platform(
      ...['secrets', 'delete', 'cart/TOKEN', '--env', 'staging'],
      ...['--if-version', '4'],
    );
    expect(deleted.stdout).toContain(
      '✔ deleted  cart/TOKEN in staging, version 4 by user:default/mona',
    );
    expect(portal.asked[1].body).toMatchObject({ ifVersion: 4 });
    portal.answers.push(
      ...[{ body: cart }, refusal(409, 'TOKEN is at version 5, not 4.')],
    );
    const restored = await portal.platform(
      ...['secrets', 'restore', 'cart/TOKEN', '--env', 'staging'],
      ...['--to', '1', '--if-version', '4'],
    );
    expect(restored.code).toBe(4);
    expect(restored.stderr).toContain('TOKEN is at version 5, not 4.');
    expect(portal.asked[3].body).toMatchObject({ version: 1, ifVersion: 4 });
  });

  it('rotate says what is to be known of the rule', async () => {
    portal.answers.push({
      body: {
        rotation: {
          ...{ environment: 'staging', key: 'TOKEN', everyDays: 30 },
          ...{ generator: 'random', settings: {}, overlapHours: 0 },
          ...{ dueAt: '2026-12-30T00:00:00Z', overdue: false },
        },
        warnings: ['Programs that read Vault themselves have no time.'],
      },
    });
    const { code, stdout } = await portal.platform(
      ...['secrets', 'rotate', 'cart/TOKEN', '--env', 'staging'],
      ...['--every', '30d', '--overlap', '0h'],
    );
    expect([code, stdout.trim().split('\n').at(-1)]).toEqual([
      0,
      '! Programs that read Vault themselves have no time.',
    ]);
  });

  it('rotate replaces no version but the one that was seen, and only at once', async () => {
    portal.answers.push(refusal(409, 'TOKEN is at version 5, not 4.'));
    const rotate = ['secrets', 'rotate', 'cart/TOKEN', '--env', 'staging'];
    const refused = await portal.platform(...rotate, '--if-version', '4');
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('TOKEN is at version 5, not 4.');
    expect(portal.asked[1].body).toMatchObject({ key: 'TOKEN', ifVersion: 4 });
    const later = await portal.platform(
      ...[...rotate, '--if-version', '4', '--every', '30d'],
    );
    expect(later.code).toBe(2);
    expect(later.stderr).toContain('--if-version is for replacing it now.');
    expect(portal.asked).toHaveLength(2);
  });

  it('history says when one was deleted or put back by whom, and which are gone', async () => {
    const at = '2027-01-01T00:00:00.123456789Z';
    portal.answers.push({
      body: {
        items: [
          {
            ...{ version: 12, at, state: 'deleted' },
            deletedAt: '2027-01-02T00:00:00.123456789Z',
            deletedBy: 'user:default/jonas',
          },
          {
            ...{ version: 11, at, state: 'superseded' },
            ...{ by: 'user:default/mona', undeletedBy: 'user:default/jonas' },
            undeletedAt: '2027-01-01T12:00:00.000Z',
          },
        ],
      },
    });
    const { stdout } = await portal.platform(
      ...['secrets', 'history', 'cart/TOKEN', '--env', 'staging'],
    );
    const [, deleted, before, kept] = stdout.trim().split('\n');
    expect(deleted).toMatch(
      /^12 .*deleted 2027-01-02T00:00:00Z by user:default\/jonas$/,
    );
    expect(before).toMatch(
      /^11 .*user:default\/mona +superseded, put back 2027-01-01T12:00:00Z by user:default\/jonas$/,
    );
    expect(kept).toBe(
      'Vault keeps the newest 2 only: what was before version 11 is gone.',
    );
  });

  it('refuses what is no version before anything is asked', async () => {
    const { code, stderr } = await portal.platform(
      ...['secrets', 'reveal', 'cart/TOKEN', '--env', 'staging'],
      ...['--reason', 'looking', '--version', 'x'],
    );
    expect([code, portal.asked]).toEqual([2, []]);
    expect(stderr).toContain('Use a whole number.');
  });
});
