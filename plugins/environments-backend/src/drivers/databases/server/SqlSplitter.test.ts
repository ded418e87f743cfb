import fc from 'fast-check';
import { SqlPiece, SqlSplitter } from './SqlSplitter';

function split(text: string, sizes: number[] = []): SqlPiece[] {
  const bytes = Buffer.from(text);
  const splitter = new SqlSplitter();
  const pieces: SqlPiece[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes.length > 0 ? sizes[turn % sizes.length] : bytes.length;
    pieces.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  pieces.push(...splitter.end());
  return together(pieces);
}

/** Rows come in pieces of any size. */
function together(pieces: SqlPiece[]): SqlPiece[] {
  return pieces.reduce<SqlPiece[]>((all, piece) => {
    const last = all.at(-1);
    if (piece.kind === 'data' && last?.kind === 'data') {
      last.data = Buffer.concat([last.data, piece.data]);
      return all;
    }
    return [...all, { ...piece }];
  }, []);
}

const texts = (text: string) =>
  split(text).map(piece => ('text' in piece ? piece.text.trim() : piece.kind));

const DUMP = `--
-- PostgreSQL database dump
--

\\restrict abc123

SET client_encoding = 'UTF8';

CREATE FUNCTION public.f() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$ BEGIN; RETURN NEW; END; $_$;

COPY public.products (id, name) FROM stdin;
1\tschöne; Tasse
2\t\\\\. no end
3\t-- 'quoted'
\\.


CREATE INDEX "a;b" ON public.products (name);

\\unrestrict abc123
`;

describe('cutting SQL into statements', () => {
  it('takes a dump apart: statements with their lines, and rows as they are', () => {
    expect(split(DUMP)).toEqual([
      { kind: 'statement', line: 7, text: "SET client_encoding = 'UTF8'" },
      {
        kind: 'statement',
        line: 9,
        text: expect.stringContaining('RETURN NEW; END; $_$'),
      },
      {
        kind: 'copy',
        line: 13,
        dataLine: 14,
        text: 'COPY public.products (id, name) FROM stdin',
      },
      {
        kind: 'data',
        data: Buffer.from(
          "1\tschöne; Tasse\n2\t\\\\. no end\n3\t-- 'quoted'\n",
        ),
      },
      { kind: 'end-of-data' },
      {
        kind: 'statement',
        line: 20,
        text: 'CREATE INDEX "a;b" ON public.products (name)',
      },
    ]);
  });

  it('gives the same however the file is cut while it is read', () => {
    const whole = split(DUMP);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }),
        sizes => {
          expect(split(DUMP, sizes)).toEqual(whole);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ["SELECT 'a;b''c;'; SELECT 2", ["SELECT 'a;b''c;'", 'SELECT 2']],
    ["SELECT E'it\\'s;'; SELECT 2;", ["SELECT E'it\\'s;'", 'SELECT 2']],
    [
      'SELECT 1 /* ; /* ; */ ; */ + 1; -- ; \nSELECT 2',
      ['SELECT 1   + 1', 'SELECT 2'],
    ],
    ['DO $$ BEGIN; END $$; SELECT $1;', ['DO $$ BEGIN; END $$', 'SELECT $1']],
    [
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3;',
      [
        'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END',
        'SELECT 3',
      ],
    ],
    [
      'CREATE FUNCTION f(begin date, "end" date) RETURNS int LANGUAGE sql AS $$ SELECT 1; $$; COMMIT; SELECT 3;',
      [
        'CREATE FUNCTION f(begin date, "end" date) RETURNS int LANGUAGE sql AS $$ SELECT 1; $$',
        'COMMIT',
        'SELECT 3',
      ],
    ],
    [
      'CREATE PROCEDURE begin(a int) BEGIN /* ; */ ATOMIC SELECT (CASE a WHEN 1 THEN 2 END); END; SELECT 3;',
      [
        'CREATE PROCEDURE begin(a int) BEGIN   ATOMIC SELECT (CASE a WHEN 1 THEN 2 END); END',
        'SELECT 3',
      ],
    ],
    ["SELECT éE'a\\'; SELECT 2;", ["SELECT éE'a\\'", 'SELECT 2']],
    ["SELECT a$E'a\\'; SELECT 2;", ["SELECT a$E'a\\'", 'SELECT 2']],
    ['SELECT a$$; SELECT $$;$$;', ['SELECT a$$', 'SELECT $$;$$']],
    [
      'CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);',
      ['CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)'],
    ],
    [';;\n;', []],
    ['', []],
    ['COPY t FROM stdin;\n\\.', ['COPY t FROM stdin', 'end-of-data']],
  ])('knows what a semicolon stands in: %s', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it.each([
    ["SELECT 1;\nSELECT 'open", 2, /ends within a string/],
    ['\n\\connect other\n', 2, /is a command of psql/],
    ['COPY t FROM stdin;\n1\n', 1, /do not end/],
    ['COPY t FROM stdin; SELECT 1;\n1\n\\.\n', 1, /Nothing may follow/],
  ])('names the line of what can’t be read (%#)', (text, line, message) => {
    expect(() => split(text)).toThrow(
      expect.objectContaining({
        line,
        message: expect.stringMatching(message),
      }),
    );
  });

  it('keeps the lines of a statement where there are comments in it', () => {
    const text =
      '/* of\nnone */ SELECT 1;\nINSERT INTO t\n/* a\n /* b\n */ c */ -- d\nVALUES (bad);\n';
    const piece = split(text).find(
      one => one.kind === 'statement' && one.text.includes('bad'),
    );
    if (piece?.kind !== 'statement') throw new Error('It is not there.');
    expect(piece.line).toBe(3);
    const before = piece.text.slice(0, piece.text.indexOf('bad'));
    expect(piece.line + before.split('\n').length - 1).toBe(7);
  });

  it('says where a file is not UTF-8, and takes rows as they are', () => {
    const splitter = new SqlSplitter();
    const latin1 = Buffer.from("SELECT 1;\nSELECT 'café';\n", 'latin1');
    expect(() => [...splitter.push(latin1)]).toThrow(
      expect.objectContaining({
        line: 2,
        message: expect.stringContaining('--encoding=UTF8'),
      }),
    );
    const rows = Buffer.from('COPY t FROM stdin;\ncafé\n\\.\n', 'latin1');
    expect([...new SqlSplitter().push(rows)].map(({ kind }) => kind)).toEqual([
      'copy',
      'data',
      'end-of-data',
    ]);
  });

  it('does not take much longer for one long statement than for many short ones', () => {
    const values = "(1, 'a value with; some words'),\n".repeat(60_000);
    const before = Date.now();
    const pieces = split(`INSERT INTO t VALUES ${values}(2, '');`, [65_536]);
    expect(pieces).toHaveLength(1);
    // In one place that was quadratic it took minutes.
    expect(Date.now() - before).toBeLessThan(10_000);
  });
});
