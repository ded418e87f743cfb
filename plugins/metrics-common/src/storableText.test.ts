import { cutText, isStorable, storableText } from './storableText';

describe('a text that is stored', () => {
  it.each([
    ['Add totals', 'Add totals'],
    ['👍 done', '👍 done'],
    ['a\0b', 'a\ufffdb'],
    ['half \ud83d', 'half \ufffd'],
    ['\udc4d half', '\ufffd half'],
  ])('is one that every database takes: %j', (text, stored) => {
    expect(storableText(text)).toBe(stored);
    expect(isStorable(text)).toBe(text === stored);
  });

  it.each([
    ['abcdef', 3, 'abc'],
    ['ab👍', 3, 'ab'],
    ['ab👍', 4, 'ab👍'],
    ['a\0bc', 3, 'a\ufffdb'],
  ])('is cut between characters: %j at %i', (text, most, cut) => {
    expect(cutText(text, most)).toBe(cut);
  });
});
