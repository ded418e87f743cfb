import { meaningOf } from './meaning';

describe('a statement of a seed', () => {
  it.each([
    'ALTER TABLE public.items OWNER TO shop',
    'ALTER FUNCTION f(text) OWNER TO "the shop"',
    `ALTER TABLE t OWNER TO "a ""quoted"" one"`,
  ])('does not give anything to a role that is not there: %s', statement => {
    expect(meaningOf(statement)).toEqual({ kind: 'skip' });
  });

  it('is not taken for one by what stands in a string', () => {
    const statement = `ALTER TABLE t ALTER c SET DEFAULT 'an owner to love'`;
    expect(meaningOf(statement)).toEqual({ kind: 'run' });
  });

  it.each([`'LATIN1'`, 'WIN1252', `'SQL_ASCII'`])(
    'is refused where the rest is in another encoding: %s',
    encoding => {
      expect(meaningOf(`SET client_encoding = ${encoding}`)).toMatchObject({
        kind: 'refuse',
        why: expect.stringContaining('--encoding=UTF8'),
      });
    },
  );

  it.each([
    `SET client_encoding = 'UTF8'`,
    'SET client_encoding TO default',
    `set session client_encoding = 'utf-8'`,
  ])('goes on in UTF-8: %s', statement => {
    expect(meaningOf(statement)).toEqual({ kind: 'run' });
  });
});
