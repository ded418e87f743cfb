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

  it.each([
    ['a zero byte', Buffer.from('key\0store')],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x80])],
  ])('leaves out %s, which would be cut or changed', (_, bytes) => {
    expect(
      programEnvironment([
        { key: 'A', value: 'stays', encoding: 'text' },
        { key: 'B', value: bytes.toString('base64'), encoding: 'base64' },
      ]),
    ).toEqual({ variables: { A: 'stays' }, leftOut: ['B'] });
  });
});
