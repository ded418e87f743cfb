import { SyncMemory } from '../database/SyncStore';
import {
  isFailing,
  leftOut,
  seenVersions,
  standingOf,
  whyKeyLeftOut,
  whyLeftOut,
  withoutBegunAnew,
} from './leftOut';

it('is known of a key that it began again, by when its version was made or by a smaller number', () => {
  const [before, later] = ['2026-11-29T12:00:00.5Z', '2026-11-30T12:00:00Z'];
  const memory: SyncMemory = {
    ...{ state: 'synced', message: '', tries: 0, replacedAt: {} },
    versions: { SAME: 1, ANEW: 1, LESS: 3, MORE: 1, GONE: 1 },
    ...{ weighed: {}, anew: ['BEFORE'] },
    made: { SAME: before, ANEW: before, MORE: before, GONE: before },
  };
  const known = withoutBegunAnew(memory, {
    versions: { SAME: 1, ANEW: 1, LESS: 1, MORE: 2 },
    made: { SAME: before, ANEW: later, LESS: later, MORE: later },
  });
  expect(known.anew).toEqual(['BEFORE', 'ANEW', 'LESS']);
  expect(Object.keys(known.versions)).not.toContain('ANEW');
  expect(known.versions).toMatchObject({ SAME: 1, MORE: 1, GONE: 1 });
});

describe('how far a key is', () => {
  const memory = (more: Partial<SyncMemory> = {}) => ({
    ...{ state: 'behind' as const, message: '', tries: 0 },
    versions: { A: 2, B: 1 },
    weighed: {
      A: { version: 2, bytes: 64 },
      B: { version: 3, bytes: 500 * 1024 },
      C: { version: 1, bytes: 700 * 1024 },
    },
    ...more,
  });

  it('is told of each by itself where some found no room', () => {
    expect(leftOut(memory())).toEqual(['B', 'C']);
    expect(whyLeftOut(memory())).toMatch(
      /^C \(700 KiB\), B \(500 KiB\) find no room/,
    );
    expect(isFailing(memory())).toBe(false);
    expect(standingOf(memory(), 'A', 2)).toBe('synced');
    expect(standingOf(memory(), 'B', 3)).toBe('behind');
    expect(standingOf(memory(), 'A', undefined)).toBe('behind');
  });

  it('is told with when it is tried again, which is not the same of what Vault refuses', () => {
    const told = (weighed: SyncMemory['weighed']) =>
      whyLeftOut(memory({ weighed }));
    const large = { version: 3, bytes: 500 * 1024 };
    const refused = { version: 2, bytes: 0, refused: true as const };
    expect(told({ B: large })).toMatch(
      /before stays; what is left out is tried again when something changes\.$/,
    );
    expect(told({ C: refused })).toMatch(
      /before stays; Vault is asked again for what it refuses within five minutes\.$/,
    );
    expect(told({ B: large, C: refused })).toMatch(
      /what is left out is tried again when something changes; Vault is asked again for what it refuses within five minutes\.$/,
    );
  });

  it('is behind for all where the cluster takes nothing, or nothing was brought yet', () => {
    const down = memory({ tries: 1 });
    expect([isFailing(down), standingOf(down, 'A', 2)]).toEqual([
      ...[true, 'behind'],
    ]);
    const fresh = memory({ versions: {}, weighed: {} });
    expect([isFailing(fresh), standingOf(fresh, 'A', 2)]).toEqual([
      ...[true, 'behind'],
    ]);
  });

  it('is well of what is deleted and was never brought, whatever the cluster does, and told of what was left as that', () => {
    const down = memory({ tries: 1 });
    expect(standingOf(down, 'NEVER', undefined)).toBe('synced');
    expect(standingOf(down, 'A', undefined)).toBe('behind');
    // It may have been written, by a process that was gone right after.
    const begun = memory({ tries: 1, restartAt: '2027', restartKeys: ['B'] });
    expect(standingOf(begun, 'B', undefined)).toBe('behind');
    expect(standingOf(begun, 'NEVER', undefined)).toBe('synced');
    const all = memory({ tries: 1, restartAt: '2027' });
    expect(standingOf(all, 'NEVER', undefined)).toBe('behind');
    const left = memory({ state: 'left' });
    expect(standingOf(left, 'A', 9)).toBe('left');
  });

  it('is told of what is not understood, beside what finds no room', () => {
    const foreign = memory({
      weighed: {
        A: { version: 3, bytes: 64, foreign: true },
        B: { version: 3, bytes: 500 * 1024 },
      },
    });
    expect(whyLeftOut(foreign)).toMatch(
      /^B \(500 KiB\) finds no room: .* A stands in Vault in a shape of its own: without a field "value" with text, or not in the base64 .* What was there before stays; /,
    );
    expect(standingOf(foreign, 'A', 3)).toBe('behind');
    const many = ['C', 'D', 'E', 'F'].map(
      key => [key, { version: 1, bytes: 0, foreign: true as const }] as const,
    );
    expect(whyLeftOut(memory({ weighed: Object.fromEntries(many) }))).toMatch(
      /^C, D, E and 1 more stand in Vault in a shape of its own/,
    );
  });

  it('is told of what was taken away and stays, which is no newest version of anything', () => {
    const kept = memory({
      weighed: { C: { version: 1, bytes: 64, stays: true } },
    });
    expect(leftOut(kept)).toEqual(['C']);
    expect(seenVersions(kept)).toEqual({ A: 2, B: 1 });
    expect(whyLeftOut(kept)).toBe(
      'C is deleted, and still in the Secret: somebody else wrote the same there, so it is theirs too. Remove it there.',
    );
    expect(standingOf(kept, 'C', undefined)).toBe('behind');
    expect(standingOf(kept, 'A', 2)).toBe('synced');
  });

  it('is told of one key by itself, as far as it is of that version', () => {
    expect(whyKeyLeftOut(memory(), 'A', 2)).toBeUndefined();
    expect(whyKeyLeftOut(memory(), 'B', 3)).toMatch(
      /^B \(500 KiB\) finds no room/,
    );
    // A newer one was not looked at yet.
    expect(whyKeyLeftOut(memory(), 'B', 4)).toBeUndefined();
    expect(whyKeyLeftOut(memory(), 'B', undefined)).toBeUndefined();
    const kept = memory({
      weighed: { C: { version: 1, bytes: 64, stays: true } },
    });
    expect(whyKeyLeftOut(kept, 'C', undefined)).toMatch(/still in the Secret/);
    expect(whyKeyLeftOut(kept, 'C', 2)).toBeUndefined();
  });

  it('is told with a way out that there is', () => {
    const why = (...keys: string[]) =>
      whyLeftOut({
        versions: {},
        weighed: Object.fromEntries(
          keys.map(key => [key, { version: 1, bytes: 0, foreign: true }]),
        ),
      });
    expect(why('A')).toContain(
      'Set it through the platform, or delete it in Vault.',
    );
    // The platform sets no key of such a name.
    expect(why('A', 'a-b')).toContain(
      'Write it so in Vault, or delete it in Vault.',
    );
    const misnamed = why('no name');
    expect(misnamed).toMatch(
      /^no name has a name that no Secret can have\. Set it under a name of letters, digits and "_", and delete it in Vault\. /,
    );
    expect(misnamed).not.toContain('"value"');
    expect(why('A', '..a', 'no name')).toMatch(
      /^A stands .* \.\.a, no name have names that no Secret can have/,
    );
  });
});
