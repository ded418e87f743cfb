import { AfterDeath, Death, killSweep } from '@highroad/sandbox/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { Around, MortalPlace, Started } from './MortalPlace';
import { PortalProcess } from './PortalProcess';

/** What a backend dies in, and what has to come of it. */
export interface Trial extends Started {
  /** How its record is called; nothing for what nobody's values are touched by */
  event?: string;
  /** What was asked where it has an effect, as a pattern: then its intent is on record */
  effect?: RegExp;
  /** How many calls it makes at least, roughly */
  about: number;
  /** Before it is told where to die; nothing is under way when it ends */
  prepare(portal: PortalProcess, place: MortalPlace): Promise<unknown>;
  /** Rejected where it dies on the way */
  change(portal: PortalProcess, place: MortalPlace): Promise<unknown>;
  /** What somebody does as soon as the next one answers, whatever the one that died still holds */
  atOnce?(next: PortalProcess, place: MortalPlace): Promise<unknown>;
  /** How the next one refuses the same, where it is done already */
  doneAlready?: RegExp;
  /** Waits until nothing is under way any more */
  settled(portal: PortalProcess, place: MortalPlace): Promise<unknown>;
  /** @param next - who came after the one that died */
  check(place: MortalPlace, next: PortalProcess): Promise<void> | void;
}

/**
 * Kills one portal at calls of its, has another go on, and looks at what came of it.
 *
 * @param onPlace - told of each place, to take it away
 * @returns where each was killed; at least one
 */
export async function killEverywhere(
  around: Around,
  trial: Trial,
  onPlace: (place: MortalPlace) => void,
): Promise<string[]> {
  return killSweep({
    name: expect.getState().currentTestName ?? trial.event ?? '',
    about: trial.about,
    async kill(death) {
      const place = await MortalPlace.create(around);
      onPlace(place);
      return killAt(place, trial, death);
    },
  });
}

async function killAt(
  place: MortalPlace,
  trial: Trial,
  die: Death,
): Promise<AfterDeath> {
  const { event, effect } = trial;
  const doomed = await place.start(trial);
  await trial.prepare(doomed, place);
  const earlier = event ? (await place.recorded(event)).length : 0;
  const recorded = async () =>
    event ? (await place.recorded(event)).slice(earlier) : [];
  await doomed.dieAt(die);
  await trial.change(doomed, place).catch(async error => {
    const alive = sleep(10_000).then(() => {
      throw error;
    });
    await Promise.race([doomed.dead, alive]);
  });
  const calls = doomed.calls.length;
  const last = doomed.calls[die.at - 1];
  const died = doomed.isDead ? { died: last } : {};
  await doomed.kill();
  try {
    if (effect && doomed.calls.some(call => effect.test(call))) {
      expect(await recorded()).toContain('intent');
    }
    const next = await place.start(trial);
    await trial.atOnce?.(next, place);
    await trial.settled(next, place);
    // Whatever became of it, the same once more goes through.
    await trial.change(next, place).catch(error => {
      if (!trial.doneAlready?.test(error.message)) throw error;
    });
    await trial.settled(next, place);
    await trial.check(place, next);
    if (event) {
      const phases = await recorded();
      expect(phases[0]).toBe('intent');
      expect(phases.at(-1)).not.toBe('intent');
    }
    await next.kill();
  } catch (error) {
    throw new Error(`Killed ${die.moment} ${last} (call ${die.at}): ${error}`);
  }
  return { ...died, calls };
}
