import { captured } from '../../__testUtils__/captured';
import { pieces } from './export';

describe('the body of an export', () => {
  const read = async (body: ReadableStream<Uint8Array>) => {
    let text = '';
    for await (const piece of pieces(body)) text += piece;
    return text;
  };
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('is read as it comes', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        stream.enqueue(bytes('one\n'));
        stream.enqueue(bytes('two\n'));
        stream.close();
      },
    });
    expect(await read(body)).toBe('one\ntwo\n');
  });

  it('says what it can mean where it is cut off, and what to do', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull(stream) {
        stream.error(new Error('terminated'));
      },
    });
    await expect(read(body)).rejects.toMatchObject({
      message: 'The export broke off before its end.',
      why: expect.stringContaining('terminated'),
      fix: expect.stringContaining('platform audit verify'),
    });
  });
});

describe('platform audit export', () => {
  it('asks for nothing where it could write nothing', async () => {
    const { code, stderr } = await captured(
      ...['audit', 'export', '--output', '/nowhere/audit.jsonl'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('There is no folder /nowhere');
  });
});
