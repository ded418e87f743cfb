import { linesOf } from './linesOf';

async function lines(...pieces: Array<string | Uint8Array>): Promise<string[]> {
  async function* all() {
    yield* pieces;
  }
  const found: string[] = [];
  for await (const line of linesOf(all())) found.push(line);
  return found;
}

describe('the lines of a text', () => {
  it('are whole wherever it is divided, also within a character', async () => {
    const bytes = new TextEncoder().encode('one ü\ntwo\r\nthree');
    expect(await lines(bytes.slice(0, 5), bytes.slice(5))).toEqual([
      ...['one ü', 'two', 'three'],
    ]);
    expect(await lines('a\n\nb\n')).toEqual(['a', '', 'b']);
    expect(await lines()).toEqual([]);
  });

  it('end with a line feed, and with nothing that Unicode counts as an end besides', async () => {
    const text = JSON.stringify({ reason: 'a\u2028b\u2029c\u0085d\u000be' });
    expect(await lines(`${text}\nnext`)).toEqual([text, 'next']);
  });
});
