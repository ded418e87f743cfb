import { requireSearchable } from './readInput';

describe('what something is searched by', () => {
  it('has no character that PostgreSQL does not know, in text and in lists of it', () => {
    expect(() =>
      requireSearchable({ a: 'b', n: 1, list: ['c'], no: undefined }),
    ).not.toThrow();
    for (const input of [{ owner: 'a\0' }, { owner: ['b', '\0'] }]) {
      expect(() => requireSearchable(input)).toThrow(
        'The request is not valid. owner: leave the character NUL out.',
      );
    }
  });
});
