import { Moment } from '@highroad/sandbox/testing';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Around, MortalPlace } from './MortalPlace';
import { PortalProcess } from './PortalProcess';
import { until } from './SandboxWorld';

/**
 * At every so many calls it is killed; `HIGHROAD_KILL_EVERY=1` for all of them. Where it begins is drawn by chance, so
 * that over time all are met.
 */
const EVERY = Number(process.env.HIGHROAD_KILL_EVERY ?? 90);
const MOMENTS: Moment[] = ['before', 'after'];
const AT_ONCE = 2;

/** What came of it in the end. */
export interface Outcome {
  place: MortalPlace;
  next: PortalProcess;
  /** Newest value; nothing for a key that is deleted */
  value: string | undefined;
  /** How many versions were ever written */
  versions: number;
  /** How often its programs were restarted since it was prepared */
  restarts: number;
}

/** What a backend dies in, and what has to come of it. */
export interface Trial {
  /** How its record is called */
  event: string;
  /** Path below /v1 of the requests that change Vault, as a pattern; where one was made, its intent is on record */
  effect: RegExp;
  /** Whether the portal is to find by itself what is written straight to Vault */
  looks?: boolean;
  /** Before it is told where to die */
  prepare(portal: PortalProcess, place: MortalPlace): Promise<unknown>;
  /** Rejected where it dies on the way */
  change(portal: PortalProcess, place: MortalPlace): Promise<unknown>;
  /** How the next one refuses the same, where it is done already */
  doneAlready?: RegExp;
  check(outcome: Outcome): Promise<void> | void;
}

/** Newest value of a key, as it is revealed. */
export async function valueOf(
  portal: PortalProcess,
  at: MortalPlace['at'],
): Promise<string | undefined> {
  const { secret } = await portal.call('get', at);
  if (secret.state === 'deleted') return undefined;
  const revealed = await portal.call('reveal', {
    ...{ ...at, reason: 'for the test' },
  });
  return revealed.value;
}

/** Waits until the cluster has what Vault has, and no restart is to come. */
async function settled(portal: PortalProcess, place: MortalPlace) {
  await until(
    async () => (await place.held()) === (await valueOf(portal, place.at)),
    40_000,
  );
  await until(
    async () => !(await portal.call('get', place.at)).sync.restartAt,
    40_000,
  );
}

/**
 * Kills one portal at each of its calls, has another go on, and looks at what came of it; until one goes by that has
 * nothing left to die at.
 *
 * @param onPlace - told of each place, to take it away
 * @returns where each was killed; at least one
 */
export async function killEverywhere(
  around: Around,
  trial: Trial,
  onPlace: (place: MortalPlace) => void,
): Promise<string[]> {
  const where: string[] = [];
  /** Two for each call, as far as is known by now */
  let points = Infinity;
  const killAtPoint = async (point: number) => {
    const place = await MortalPlace.create(around);
    onPlace(place);
    const { killed, calls } = await killAt(place, trial, {
      at: Math.floor(point / MOMENTS.length) + 1,
      moment: MOMENTS[point % MOMENTS.length],
    });
    if (killed) where.push(killed);
    else points = Math.min(points, calls * MOMENTS.length);
  };
  let next = randomInt(EVERY);
  const inTurn = async () => {
    while (next < points) {
      const point = next;
      next += EVERY;
      await killAtPoint(point);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, inTurn));
  // What was drawn may have come after the last call.
  while (where.length === 0) {
    if (points === 0) throw new Error('It calls nobody, so it dies nowhere.');
    await killAtPoint(randomInt(points));
  }
  return where;
}

/** @returns where it was killed, nothing where there was nothing left to die at; and how many calls it made */
async function killAt(
  place: MortalPlace,
  trial: Trial,
  die: { at: number; moment: Moment },
): Promise<{ killed?: string; calls: number }> {
  const doomed = await place.start(trial);
  await trial.prepare(doomed, place);
  await settled(doomed, place);
  const before = await place.restarts();
  const earlier = (await place.recorded(trial.event)).length;
  const recorded = async () =>
    (await place.recorded(trial.event)).slice(earlier);
  await doomed.dieAt(die);
  await trial.change(doomed, place).catch(async error => {
    const alive = sleep(10_000).then(() => {
      throw error;
    });
    await Promise.race([doomed.dead, alive]);
  });
  const calls = doomed.calls.length;
  const last = `${die.moment} ${doomed.calls[die.at - 1]}`;
  const killed = doomed.isDead ? { killed: last } : {};
  await doomed.kill();
  try {
    if (doomed.calls.some(call => trial.effect.test(call))) {
      expect(await recorded()).toContain('intent');
    }
    await place.letLeasesEnd();
    const next = await place.start(trial);
    await settled(next, place);
    // Whatever became of it, the same once more goes through.
    await trial.change(next, place).catch(error => {
      if (!trial.doneAlready?.test(error.message)) throw error;
    });
    await settled(next, place);
    await trial.check({
      ...{ place, next },
      value: await valueOf(next, place.at),
      versions: await place.versions(),
      restarts: (await place.restarts()) - before,
    });
    const phases = await recorded();
    expect(phases[0]).toBe('intent');
    expect(phases.at(-1)).not.toBe('intent');
    await next.kill();
  } catch (error) {
    throw new Error(`Killed ${last} (call ${die.at}): ${error}`);
  }
  return { ...killed, calls };
}
