import { requireStorable } from './readInput';

describe('text that is searched by or kept', () => {
  it('has no character that PostgreSQL does not take, also in lists', () => {
    expect(() =>
      requireStorable({ a: 'b', n: 1, list: ['c'], no: undefined }),
    ).not.toThrow();
    for (const input of [{ owner: 'a\0' }, { owner: ['b', '\0'] }]) {
      expect(() => requireStorable(input)).toThrow(
        'The request is not valid. owner: leave the character NUL out.',
      );
    }
  });
});
