import { environmentStatusSchema } from '@highroad/plugin-environments-common';
import { Places } from './quota';

const SHOP = 'group:default/shop';
const BANK = 'group:default/bank';

/** One that has its place, or asks for one. */
const holder = (
  uid: string,
  options: { owner?: string; expiresAt?: string; going?: boolean } = {},
) => ({
  ...{ uid, name: uid },
  ...(options.going && { deletedAt: new Date('2026-01-01T00:00:00Z') }),
  status: environmentStatusSchema.parse({
    ...(options.owner && { namespace: `env-${uid}`, owner: options.owner }),
    ...(options.expiresAt && { expiresAt: options.expiresAt }),
  }),
});

const placesFor = (total: number) => new Places({ perTeam: 9, total });

describe('places for environments', () => {
  it('are as many in all as there may be, and a team is told its own that end soonest first', () => {
    const there = [
      holder('later', { owner: SHOP, expiresAt: '2026-01-09T00:00:00Z' }),
      holder('kept', { owner: SHOP }),
      holder('soon', { owner: SHOP, expiresAt: '2026-01-02T08:30:00Z' }),
      holder('theirs', { owner: BANK, expiresAt: '2026-01-01T00:00:00Z' }),
    ];
    const refused = placesFor(4).take(holder('new'), SHOP, there);
    expect(refused).toBe(
      'There are 4 of the 4 environments that there may be. End one: soon (ends 2026-01-02 08:30 UTC), later (ends 2026-01-09 00:00 UTC), kept (kept).',
    );
    expect(placesFor(5).take(holder('new'), SHOP, there)).toBeUndefined();
  });

  it('that others hold are told without their names to a team that has none itself', () => {
    const kept = holder('theirs', { owner: BANK });
    expect(placesFor(1).take(holder('new'), SHOP, [kept])).toBe(
      'There are 1 of the 1 environments that there may be. None of them is yours, and none has an end: the platform team can end one, or allow more.',
    );
    const soon = holder('soon', {
      ...{ owner: BANK, expiresAt: '2026-01-02T08:30:00Z' },
    });
    expect(placesFor(2).take(holder('new'), SHOP, [kept, soon])).toMatch(
      /None of them is yours, and the first ends 2026-01-02 08:30 UTC: /,
    );
  });

  it('are waited for where one is being ended', () => {
    const there = [holder('going', { owner: SHOP, going: true })];
    expect(placesFor(1).take(holder('new'), SHOP, there)).toMatch(
      /going is being ended already; this one is made when it is gone\.$/,
    );
  });

  it('go to one of two that come at the same moment, and to the other when it is gone', () => {
    const places = placesFor(1);
    const [first, second] = [holder('first'), holder('second')];
    const all = [first, second];
    expect(places.take(first, SHOP, all)).toBeUndefined();
    expect(places.take(second, SHOP, all)).toMatch(/first \(being made\)/);
    // Whoever has one keeps it.
    expect(places.take(first, SHOP, all)).toBeUndefined();
    places.release('first');
    expect(places.take(second, SHOP, [second])).toBeUndefined();
  });
});
