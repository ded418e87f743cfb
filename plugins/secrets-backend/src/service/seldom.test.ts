import { seldom } from './seldom';

it('is done once in its time, and again at once where it failed', async () => {
  let [time, done, fails] = [1_000, 0, true];
  const sometimes = seldom(
    async () => {
      done += 1;
      if (fails) throw new Error('Not now.');
    },
    10_000,
    () => new Date(time),
  );
  await expect(sometimes()).rejects.toThrow('Not now');
  fails = false;
  for (let times = 0; times < 5; times++) await sometimes();
  expect(done).toBe(2);
  time += 10_000;
  await sometimes();
  expect(done).toBe(3);
});
