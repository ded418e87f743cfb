import { parseEnv } from 'node:util';
import { cutInDotEnv, leftOutOfDotEnv, readDotEnv } from './dotEnv';

describe('reading a .env file', () => {
  it.each([
    '',
    '# a comment\nA=1\nB=2',
    'A = spaces around  \n  B=indented',
    'export A=1\nexport  B="two words"',
    'A=\'x#y\'\nB="x#y"\nC=x#y\nD=x # y',
    'A="line 1\nline 2"\nB=after',
    'A="line 1\\nline 2"\nB=\'line 1\\nline 2\'',
    'A=`it\'s "quoted"`',
    'A=\nB=""\nC=1',
    'A=1\r\nB=2\r\n',
    'A=first\nA=second',
    'A=postgres://u:p@h/d?x=y&z=w',
    'no assignment\nA=1',
    'A="quoted" # and a comment\nB=1',
    'A="quoted"and more\nB=1',
    'A=it"s\nB=1',
  ])('gives for %j what Node gives', text => {
    expect(
      Object.fromEntries(readDotEnv(text).map(one => [one.key, one.value])),
    ).toEqual({ ...parseEnv(text) });
  });

  it.each([
    ['A=abc#123', ['A', 1]],
    ['A=#123', ['A', 1]],
    ['A= x y#z # y', ['A', 1]],
    ['# a#b\nA="x\ny#z"\r\nexport B=1#2\r\nB=3#4', ['B', 4]],
    ['A="never closed#1', ['A', 1]],
  ])('says that the value may be cut in %j, and where', (text, [key, line]) => {
    expect([...cutInDotEnv(text)]).toEqual([
      [
        key,
        `line ${line} has a "#" in a value without quotes; put the value in quotes if the "#" belongs to it, or a space before a "#" that begins a comment`,
      ],
    ]);
  });

  it.each([
    ['A="abc"def', ['A', 1]],
    ["# x\nexport A='abc' def # y", ['A', 2]],
    ['A=`abc`"def"', ['A', 1]],
    ['A=1\nB="x\ny"z\nB="x"', ['B', 2]],
  ])(
    'says that the value goes on behind its quotes in %j, and where',
    (text, [key, line]) => {
      expect([...cutInDotEnv(text)]).toEqual([
        [
          key,
          `the value that begins in line ${line} goes on behind its closing quotation mark; put all of it in one pair of quotes, or a "#" before what is a comment`,
        ],
      ]);
    },
  );

  it.each([
    'A=value # a comment',
    'A=value\t# a comment with a#b',
    'A= # nothing',
    'A=',
    'A="x#y"\nB=\'x#y\'\nC=`x#y`',
    'A="x" #y\nB="x"#y',
    'A="line 1#\n#line 2"',
    '# A=x#y\nno assignment#\nA=1',
  ])('knows what a comment is, and what is quoted, in %j', text => {
    expect([...cutInDotEnv(text)]).toEqual([]);
  });

  it('is quick with what is long and unfinished', () => {
    const text = `A="${'x'.repeat(200_000)}\nB=${'`'.repeat(
      50_000,
    )}${'\nC=1#2'.repeat(20_000)}`;
    const began = performance.now();
    readDotEnv(text);
    cutInDotEnv(text);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it.each([
    ['# a comment\n\n  # another\nA=1\nexport B="x\ny"\n', []],
    [
      'A=1\nsome words\nB="x\ny"\r\nsk-live-4711\n',
      ['Lines 2, 5 are left out: not of the form KEY=value.'],
    ],
    ['words', ['Line 1 is left out: not of the form KEY=value.']],
    [
      'A=1\nB=2\nA=3\nA=4',
      ['A stands there 3 times; only the last one counts.'],
    ],
    ['a+b/c=1\na+b/c=2', []],
    [
      'A="-----BEGIN KEY-----\nabc\nB=1',
      [
        'Line 2 is left out: not of the form KEY=value.',
        'A begins with a quotation mark that is closed nowhere: its value is that line, with the mark.',
      ],
    ],
    [
      'A="open\nA=closed',
      ['A stands there 2 times; only the last one counts.'],
    ],
    ['A=it"s', []],
  ])('says what is left out of %j', (text, words) => {
    expect(leftOutOfDotEnv(text)).toEqual(words);
  });
});
