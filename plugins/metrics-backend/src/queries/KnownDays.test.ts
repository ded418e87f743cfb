import { emptyDay } from '../facts/dayMaterial';
import { Day } from './Day';
import { KnownDays } from './KnownDays';

const FIRST = '2026-06-01';
const SECOND = '2026-06-02';

/** Days that can be changed, and of which it is known which were read. */
class Days {
  readonly reads: string[][] = [];
  readonly #days = new Map<string, { revision: number; delivered: number }>();

  set(day: string, delivered: number): void {
    const revision = (this.#days.get(day)?.revision ?? 0) + 1;
    this.#days.set(day, { revision, delivered });
  }

  readonly revisions = async () =>
    new Map([...this.#days].map(([day, { revision }]) => [day, revision]));

  readonly read = async (days: string[]): Promise<Map<string, Day[]>> => {
    this.reads.push(days);
    const list = days.map(day => ({
      ...{ ...emptyDay(), day },
      delivered: this.#days.get(day)?.delivered ?? 0,
    }));
    return new Map([['a', list]]);
  };
}

function given(known = new KnownDays()) {
  const days = new Days();
  days.set(FIRST, 1);
  days.set(SECOND, 2);
  const delivered = async () =>
    (await known.get('production', days))
      .get('a')
      ?.map(one => [one.day, one.delivered]);
  return { days, known, delivered };
}

it('reads again only the days that have changed', async () => {
  const { days, delivered } = given();
  await delivered();
  days.set(SECOND, 5);
  expect(await delivered()).toEqual([
    [FIRST, 1],
    [SECOND, 5],
  ]);
  await delivered();
  expect(days.reads).toEqual([[FIRST, SECOND], [SECOND]]);
});

it('reads once for all who ask at the same time', async () => {
  const { days, delivered } = given();
  const [one, other] = await Promise.all([delivered(), delivered()]);
  expect(other).toEqual(one);
  expect(days.reads).toHaveLength(1);
});

it('reads a day again that changed while it was read', async () => {
  const { days, known, delivered } = given();
  const changing = {
    revisions: days.revisions,
    read: async (wanted: string[]) => {
      const read = await days.read(wanted);
      days.set(FIRST, 9);
      return read;
    },
  };
  await known.get('production', changing);
  expect(await delivered()).toContainEqual([FIRST, 9]);
});

it('answers the next after one whose reading failed', async () => {
  const { days, known, delivered } = given();
  const failing = known.get('production', {
    revisions: days.revisions,
    read: async () => {
      throw new Error('The database is gone.');
    },
  });
  const next = delivered();
  await expect(failing).rejects.toThrow('The database is gone.');
  expect(await next).toHaveLength(2);
});

it('keeps days of different places apart', async () => {
  const { days, known } = given();
  const elsewhere = new Days();
  elsewhere.set(FIRST, 7);
  await known.get('production', days);
  const found = await known.get('staging', elsewhere);
  expect(found.get('a')).toMatchObject([{ delivered: 7 }]);
});

it('forgets what nobody asked for longest where it becomes too much, and answers all the same', async () => {
  const { days, delivered } = given(new KnownDays(30));
  expect(await delivered()).toHaveLength(2);
  expect(await delivered()).toHaveLength(2);
  expect(days.reads).toEqual([[FIRST, SECOND], [FIRST]]);
});
