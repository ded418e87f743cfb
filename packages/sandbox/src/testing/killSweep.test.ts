import { Death, killSweep } from './killSweep';

/** Work that makes so many calls, and what of it was killed. */
function workOf(calls: number) {
  const deaths: string[] = [];
  return {
    deaths,
    kill: async ({ at, moment }: Death) => {
      deaths.push(`${moment} ${at}`);
      return at > calls ? { calls } : { died: `call ${at}`, calls: at };
    },
  };
}

describe('killSweep', () => {
  const given = process.env.HIGHROAD_KILL_EVERY;
  beforeEach(() => delete process.env.HIGHROAD_KILL_EVERY);
  afterAll(() => {
    if (given) process.env.HIGHROAD_KILL_EVERY = given;
  });
  const options = { name: 'set', about: 8 };

  it('kills at one point, the same each time', async () => {
    const [one, again] = [workOf(8), workOf(8)];
    const where = await killSweep({ ...options, ...one });
    expect(where).toHaveLength(1);
    expect(await killSweep({ ...options, ...again })).toEqual(where);
    const places = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(name =>
        killSweep({ ...options, name, ...workOf(8) }),
      ),
    );
    expect(new Set(places.flat()).size).toBeGreaterThan(1);
  });

  it('chooses another where the work was over before', async () => {
    const work = workOf(1);
    const where = await killSweep({ ...options, about: 1000, ...work });
    expect(where).toEqual([expect.stringMatching(/^(before|after) call 1$/)]);
    expect(work.deaths).toHaveLength(2);
  });

  it('says that there is nothing to die at', async () => {
    await expect(killSweep({ ...options, ...workOf(0) })).rejects.toThrow(
      'It calls nobody',
    );
  });

  it('kills at all points if it is told to, or at every so many', async () => {
    process.env.HIGHROAD_KILL_EVERY = '1';
    const all = await killSweep({ ...options, ...workOf(5) });
    expect(new Set(all).size).toBe(10);
    process.env.HIGHROAD_KILL_EVERY = '4';
    const some = await killSweep({ ...options, ...workOf(8) });
    expect(some).toHaveLength(4);
  });

  it('says where it was killed with what a check throws', async () => {
    const check = () => {
      throw new Error('Written twice');
    };
    await expect(
      killSweep({ ...options, ...workOf(8), check }),
    ).rejects.toThrow(
      /^Killed (before|after) call \d \(call \d\): Error: Written twice$/,
    );
  });

  it('throws what a check throws', async () => {
    const kill = () => Promise.reject(new Error('Written twice'));
    await expect(killSweep({ ...options, kill })).rejects.toThrow(
      'Written twice',
    );
  });
});
