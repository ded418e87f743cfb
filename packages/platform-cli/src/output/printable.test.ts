import { inOneLine, printable } from './printable';

describe('what others wrote', () => {
  it('is printed in its lines and colours', () => {
    const text = '\u001b[1;31mfailed\u001b[0m\n\tand said “why” ✖ 日本';
    expect(printable(text)).toBe(text);
  });

  it.each([
    ['moves the cursor', 'a\u001b[2Kb', 'a[2Kb'],
    ['gives the terminal a title', 'a\u001b]0;b\u0007', 'a]0;b'],
    ['writes over the line', 'bad\rgood', 'badgood'],
    ['is a control of eight bits', 'a\u009b2Kb', 'a2Kb'],
    ['reads from right to left', 'a\u202eb\u2066c', 'abc'],
  ])('is printed without what %s', (_, written, printed) => {
    expect(printable(written)).toBe(printed);
    // eslint-disable-next-line no-control-regex
    expect(inOneLine(written)).not.toMatch(/[\u001b\r\u0007\u009b\u202e]/);
  });
});
