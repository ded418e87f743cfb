import { OpenPages } from './OpenPages';

const MINUTE = 60_000;

/** So many pages, each of which asks within half a second after it was told. */
function openPages(count: number) {
  const told: number[] = [];
  let questions = 0;
  const pages = new OpenPages({
    tell: () => {
      told.push(performance.now());
      const ask = () => {
        questions += 1;
        pages.asked();
      };
      for (let page = 0; page < count; page++) {
        setTimeout(ask, (page / count) * 500);
      }
    },
  });
  return { pages, told, questions: () => questions };
}

describe('open pages', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('are told twice a second at most while there are few', async () => {
    const { pages, told } = openPages(5);
    const change = setInterval(() => pages.tell(), 50);
    await jest.advanceTimersByTimeAsync(10_000);
    clearInterval(change);
    expect(told.length).toBeGreaterThanOrEqual(19);
    expect(told.length).toBeLessThanOrEqual(21);
  });

  it('ask no more than fifty times a second together, also where there are three hundred and everything changes all the time', async () => {
    for (const count of [100, 300, 600]) {
      const { pages, questions } = openPages(count);
      const change = setInterval(() => pages.tell(), 50);
      await jest.advanceTimersByTimeAsync(MINUTE);
      clearInterval(change);
      expect(questions() / 60).toBeLessThan(56);
      // They are not forgotten over it.
      expect(questions()).toBeGreaterThan(3 * count);
      await jest.advanceTimersByTimeAsync(MINUTE);
    }
  });

  it('are told at once after a quiet time, and at the end of what changed, however many there are', async () => {
    const { pages, told } = openPages(300);
    pages.tell();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(told).toHaveLength(1);
    pages.tell();
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(told).toHaveLength(2);
    const at = performance.now();
    pages.tell();
    expect(told).toEqual([expect.any(Number), expect.any(Number), at]);
  });
});
