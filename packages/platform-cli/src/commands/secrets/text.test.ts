import { textOf } from './text';

describe('text of a secret', () => {
  it('comes out as it went in', () => {
    const text = 'grün\r\n-----END PRIVATE KEY-----\n';
    expect(textOf(Buffer.from(text), 'The file')).toBe(text);
  });

  it('is refused where it would be changed', () => {
    expect(() => textOf(Buffer.from([0x67, 0xfc]), 'The file')).toThrow(
      'The file is no text in UTF-8, and would be changed.',
    );
  });
});
