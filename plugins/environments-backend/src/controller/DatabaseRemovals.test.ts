import { DatabaseRemovals } from './DatabaseRemovals';

const settled = () => new Promise(setImmediate);

function removals(remove: (uid: string, signal: AbortSignal) => Promise<void>) {
  const time = { now: 0 };
  const of = new DatabaseRemovals({ remove, now: () => time.now, tryMs: 100 });
  let news = 0;
  return {
    time,
    of,
    news: () => news,
    on: (uid: string, isLast = false) =>
      of.on(uid, {
        isLast,
        onNews: () => {
          news += 1;
        },
      }),
  };
}

it('says at once that it goes on, and later that it is done', async () => {
  const asked: string[] = [];
  const { on, news } = removals(async uid => {
    asked.push(uid);
  });
  expect(on('a')).toMatchObject({ state: 'going-on' });
  await settled();
  expect(news()).toBe(1);
  expect(on('a')).toMatchObject({ state: 'done' });
  expect(asked).toEqual(['a']);
});

it('asks once more when nothing else is left, and no more after that', async () => {
  const asked: string[] = [];
  const { on } = removals(async uid => {
    asked.push(uid);
  });
  on('a');
  await settled();
  expect(on('a', true)).toMatchObject({ state: 'going-on' });
  await settled();
  expect(on('a', true)).toMatchObject({ state: 'done' });
  expect(asked).toEqual(['a', 'a']);
});

it('tries again after a while, and says meanwhile why it failed', async () => {
  let fails = true;
  const { on, time } = removals(async () => {
    if (fails) throw new Error('no connection');
  });
  on('a');
  await settled();
  expect(on('a')).toMatchObject({
    ...{ state: 'failed', failure: expect.stringContaining('no connection') },
    retryAt: 5_000,
  });
  fails = false;
  time.now = 5_000;
  expect(on('a')).toMatchObject({
    ...{ state: 'going-on', failure: expect.stringContaining('no connection') },
  });
  await settled();
  expect(on('a')).toMatchObject({ state: 'done' });
});

it('gives up a try that nobody answers, calls it off, and lets others in', async () => {
  const calledOff: string[] = [];
  const asked: string[] = [];
  let tell = () => {};
  const allGivenUp = new Promise<void>(resolve => {
    tell = () => {
      if (asked.length === 9 && calledOff.length === 8) resolve();
    };
  });
  const { on, of } = removals((uid, signal) => {
    asked.push(uid);
    tell();
    signal.addEventListener('abort', () => {
      calledOff.push(uid);
      tell();
    });
    return new Promise(() => {});
  });
  const uids = Array.from({ length: 9 }, (_, at) => `uid-${at}`);
  for (const uid of uids) on(uid);
  await settled();
  // As many as there are places.
  expect(asked).toEqual(uids.slice(0, 8));
  await allGivenUp;
  await settled();
  expect(asked).toEqual(uids);
  expect(calledOff).toEqual(uids.slice(0, 8));
  expect(on('uid-0')).toMatchObject({
    ...{ state: 'failed', failure: expect.stringContaining('nobody answered') },
  });
  await of.stop();
});
