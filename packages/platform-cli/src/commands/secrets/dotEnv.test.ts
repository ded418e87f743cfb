import { parseDotEnv } from './dotEnv';

describe('reading a .env file', () => {
  it('reads quotes, comments, and values of several lines', () => {
    expect(
      parseDotEnv(
        '# a comment\nA=1 # one\nexport B="two words"\nC=\'x#y\'\nD="line 1\nline 2"\n',
      ),
    ).toEqual([
      { key: 'A', value: '1' },
      { key: 'B', value: 'two words' },
      { key: 'C', value: 'x#y' },
      { key: 'D', value: 'line 1\nline 2' },
    ]);
  });

  it.each([
    ['', 'There is no key in it.'],
    ['A=\n', 'A cannot be imported: its value is empty'],
    [
      'A=1\nB=x#secret\n',
      'B cannot be imported: line 2 has a "#" in a value without quotes; put the value in quotes',
    ],
    ['A=#secret\n', 'A cannot be imported: line 1 has a "#"'],
    ['A-B=secret\n', 'A line cannot be imported: use a name such as'],
  ])('refuses %j without a word of its values', (text, words) => {
    expect(() => parseDotEnv(text)).toThrow(words);
    expect(() => parseDotEnv(text)).not.toThrow('secret');
  });
});
