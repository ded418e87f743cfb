import { spawnSync } from 'node:child_process';
import { programEnvironment } from './programEnvironment';

describe('the environment of a program', () => {
  it('holds texts as they are, and what is text behind base64', () => {
    const text = 'postgres://ü@db/"x"\nsecond line';
    const base64 = Buffer.from(text).toString('base64');
    expect(
      programEnvironment([
        { key: 'A', value: text, encoding: 'text' },
        { key: 'B', value: base64, encoding: 'base64' },
      ]),
    ).toEqual({ variables: { A: text, B: text }, leftOut: [] });
  });

  it('holds the largest that the system takes, so that a program begins with it', () => {
    const value = 'x'.repeat(128 * 1024 - 3);
    const { variables } = programEnvironment([
      { key: 'A', value, encoding: 'text' },
    ]);
    const { status } = spawnSync('true', {
      env: { ...process.env, ...variables },
    });
    expect([Object.keys(variables), status]).toEqual([['A'], 0]);
  });

  it.each([
    ['a zero byte', Buffer.from('key\0store'), 'it is no text'],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x80]), 'it is no text'],
    [
      ...(['more than a variable', Buffer.alloc(128 * 1024 - 2, 'x')] as const),
      'it is larger than a variable may be, which is 128 KiB',
    ],
  ])(
    'leaves out what is %s, which would be cut, changed or refused',
    (_, bytes, why) => {
      expect(
        programEnvironment([
          { key: 'A', value: 'stays', encoding: 'text' },
          { key: 'B', value: bytes.toString('base64'), encoding: 'base64' },
        ]),
      ).toEqual({ variables: { A: 'stays' }, leftOut: [{ key: 'B', why }] });
    },
  );
});
