import { keptVersions } from './keptVersions';
import { SecretVersion } from './secret';

describe('which versions are kept', () => {
  const versions = (...numbers: number[]) =>
    numbers.map(version => ({
      ...{ version, at: '2027-01-01T00:00:00Z', state: 'superseded' as const },
    }));

  it.each<[SecretVersion[], number | undefined, string | undefined]>([
    [versions(2, 1), undefined, undefined],
    [versions(2, 1), 10, 'Vault keeps the newest 10 only.'],
    [
      versions(14, 13, 12),
      undefined,
      'Vault keeps the newest 3 only: what was before version 12 is gone.',
    ],
    [
      versions(14, 13),
      5,
      'Vault keeps the newest 5 only: what was before version 13 is gone.',
    ],
    [[], 10, undefined],
  ])('is said of %j, of %s', (items, keeps, words) => {
    expect(keptVersions(items, keeps)).toBe(words);
  });
});
