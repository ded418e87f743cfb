import { recordedStream } from './recordedStream';

describe('a stream whose end is recorded', () => {
  const make = (signal: AbortSignal) => {
    const ends: string[] = [];
    const stream = recordedStream(pieces(), {
      signal,
      succeeded: async () => {
        ends.push('succeeded');
      },
      failed: async error => {
        ends.push(error instanceof Error ? error.message : '');
        throw error;
      },
    });
    return { ends, stream };
  };
  async function* pieces() {
    yield 'one';
    yield 'two';
  }

  it('has succeeded when it was read to its end, also where its reader then leaves', async () => {
    const gone = new AbortController();
    const { ends, stream } = make(gone.signal);
    const read: string[] = [];
    for await (const piece of stream) read.push(piece);
    gone.abort();
    expect(read).toEqual(['one', 'two']);
    expect(ends).toEqual(['succeeded']);
  });

  it('has failed when its reader left in the middle', async () => {
    const { ends, stream } = make(new AbortController().signal);
    for await (const _ of stream) break;
    expect(ends).toEqual(['The reader left before the end.']);
  });

  it('has failed when its reader left before it began, or had gone before', async () => {
    const gone = new AbortController();
    const { ends } = make(gone.signal);
    gone.abort();
    const gave = 'The reader left before the beginning.';
    expect(ends).toEqual([gave]);
    const late = make(AbortSignal.abort());
    for await (const _ of late.stream) throw new Error('It was read.');
    expect(late.ends).toEqual([gave]);
  });
});
