import { createHash, randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Moment } from './outsideCalls';

/** Where a process dies. */
export interface Death {
  /** Number of its call, from 1 on */
  at: number;
  moment: Moment;
}

/** What came of a process that was to die. */
export interface AfterDeath {
  /** The call at which it did; nothing if it was done before */
  died?: string;
  /** How many calls it made */
  calls: number;
}

const MOMENTS: Moment[] = ['before', 'after'];

/**
 * Has processes die at points of the same work: before and after each of their calls to the outside. By default at one
 * point, which is the same each time, so that a test of everything stays quick. `HIGHROAD_KILL_EVERY=1` tries all of
 * them, and a greater number every so many, from one that is drawn by chance; as many at a time as there are processors, or
 * as `HIGHROAD_KILLS_AT_ONCE` says. The file `HIGHROAD_SOAK_NOTES` gets a line for each work, with where it was killed.
 *
 * @param options.name - of the work; what the one point is chosen by
 * @param options.about - how many calls the work makes, roughly
 * @param options.kill - does the work by a process that dies there, and looks at what comes of it
 * @param options.check - throws where that may not be; where the process died is said with it
 * @returns moment and call of each death, at least one
 */
export async function killSweep<T extends AfterDeath>(options: {
  name: string;
  about: number;
  kill(death: Death): Promise<T>;
  check?(outcome: T): void;
}): Promise<string[]> {
  const { name, about, kill, check } = options;
  const where: string[] = [];
  /** Two for each call, as far as is known by now */
  let points = Infinity;
  const killAtPoint = async (point: number) => {
    const death = {
      at: Math.floor(point / MOMENTS.length) + 1,
      moment: MOMENTS[point % MOMENTS.length],
    };
    const outcome = await kill(death);
    const { died, calls } = outcome;
    try {
      check?.(outcome);
    } catch (error) {
      throw new Error(
        `Killed ${death.moment} call ${death.at} (${died}): ${error}`,
      );
    }
    if (died === undefined) points = Math.min(points, calls * MOMENTS.length);
    else where.push(`${death.moment} ${died}`);
  };

  const every = Number(process.env.HIGHROAD_KILL_EVERY ?? 0);
  if (every > 0) {
    let next = randomInt(every);
    const inTurn = async () => {
      while (next < points) {
        const point = next;
        next += every;
        await killAtPoint(point);
      }
    };
    const atOnce = Number(
      process.env.HIGHROAD_KILLS_AT_ONCE ?? availableParallelism(),
    );
    await Promise.all(Array.from({ length: atOnce }, inTurn));
  }
  const choose = every > 0 ? randomInt : (most: number) => chosen(name, most);
  if (points === Infinity) await killAtPoint(choose(about * MOMENTS.length));
  // What was chosen may have come after the last call.
  while (where.length === 0) {
    if (points === 0) throw new Error('It calls nobody, so it dies nowhere.');
    await killAtPoint(choose(points));
  }
  const { HIGHROAD_SOAK_NOTES: notes } = process.env;
  if (notes) appendFileSync(notes, `${JSON.stringify({ name, where })}\n`);
  return where;
}

/** The same for the same name, and somewhere else for another. */
function chosen(name: string, most: number): number {
  return createHash('sha256').update(name).digest().readUInt32BE() % most;
}
