import { AfterDeath, Death, killSweep } from '@highroad/sandbox/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { Around, MortalPlace } from './MortalPlace';
import { PortalProcess } from './PortalProcess';
import { until } from './SandboxWorld';

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
    name: expect.getState().currentTestName ?? trial.event,
    ...{ about: 40, atOnce: 2 },
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
  const last = doomed.calls[die.at - 1];
  const died = doomed.isDead ? { died: last } : {};
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
    throw new Error(`Killed ${die.moment} ${last} (call ${die.at}): ${error}`);
  }
  return { ...died, calls };
}
