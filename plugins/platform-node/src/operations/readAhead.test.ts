import { readAhead } from './readAhead';

async function* pieces(failsAt: number, onEnd = jest.fn()) {
  try {
    for (let n = 1; n <= 9; n++) {
      if (n === failsAt) throw new Error(`broken at ${n}`);
      yield `${n}`;
    }
  } finally {
    onEnd();
  }
}

async function all(read: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of read) text += piece;
  return text;
}

describe('readAhead', () => {
  it('gives all, in order, whether it was read ahead or not', async () => {
    for (const characters of [0, 4, 9, 100]) {
      expect(await all(await readAhead(pieces(99), characters))).toBe(
        '123456789',
      );
    }
  });

  it('says what is wrong at the beginning, and later what is wrong later', async () => {
    await expect(readAhead(pieces(4), 5)).rejects.toThrow('broken at 4');
    const late = await readAhead(pieces(6), 5);
    await expect(all(late)).rejects.toThrow('broken at 6');
  });

  it('ends what it reads where its reader leaves', async () => {
    const onEnd = jest.fn();
    for await (const piece of await readAhead(pieces(99, onEnd), 3)) {
      expect(piece).toBe('1');
      break;
    }
    expect(onEnd).toHaveBeenCalled();
  });
});
