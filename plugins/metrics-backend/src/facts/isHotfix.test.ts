import { isHotfix } from './isHotfix';

const settings = { hotfix: ['hotfix', 'fix!'] };

describe('a hotfix', () => {
  it.each([
    'hotfix',
    'Hotfix: no carts',
    'hotfix/carts',
    'HOTFIX(cart)',
    'fix!: x',
  ])('is a change whose title begins with the word, as "%s"', title => {
    expect(isHotfix({ title }, settings)).toBe(true);
  });

  it.each(['Hotfixture for tests', 'hotfixes', 'hotfix2', 'A hotfix', ''])(
    'is none that begins with another word, as "%s"',
    title => {
      expect(isHotfix({ title }, settings)).toBe(false);
    },
  );

  it('is one with the label, and none with a longer one', () => {
    expect(isHotfix({ labels: ['Hotfix'] }, settings)).toBe(true);
    expect(isHotfix({ labels: ['hotfixture'] }, settings)).toBe(false);
  });
});
