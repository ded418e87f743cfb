import { FewAtOnce } from './FewAtOnce';

const { signal } = new AbortController();

it('lets in so many, and the next in turn when a place is given back', async () => {
  const few = new FewAtOnce(2);
  const entered: string[] = [];
  const enter = (name: string) =>
    few.enter(signal).then(leave => {
      entered.push(name);
      return leave;
    });
  const [first] = await Promise.all([enter('first'), enter('second')]);
  const third = enter('third');
  const fourth = enter('fourth');
  await new Promise(setImmediate);
  expect(entered).toEqual(['first', 'second']);
  first();
  // Given back once only.
  first();
  const leave = await third;
  await new Promise(setImmediate);
  expect(entered).toEqual(['first', 'second', 'third']);
  leave();
  await fourth;
});

it('has nobody wait who was called off', async () => {
  const few = new FewAtOnce(1);
  const leave = await few.enter(signal);
  const off = new AbortController();
  const waiting = few.enter(off.signal);
  const next = few.enter(signal);
  off.abort(new Error('called off'));
  await expect(waiting).rejects.toThrow('called off');
  leave();
  await next;
  await expect(few.enter(off.signal)).rejects.toThrow('called off');
});
