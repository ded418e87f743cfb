import { Trial } from './killEverywhere';
import { MortalPlace } from './MortalPlace';
import { PortalProcess } from './PortalProcess';
import { until } from './SandboxWorld';

/** What came of a value in the end. */
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

/**
 * So long after a portal runs again everything has what was set, whatever the one before died at: half a minute, and what the
 * portal and the cluster take for it.
 */
const WITHIN_MS = 45_000;

/** Work on the value of a key, which a Secret follows. */
export interface SecretTrial extends Omit<Trial, 'settled' | 'check'> {
  check(outcome: Outcome): Promise<void> | void;
}

/** A trial whose outcome is a value in Vault and in the cluster. */
export function ofSecret(trial: SecretTrial): Trial {
  const restartsBefore = new Map<MortalPlace, number>();
  return {
    ...{ ...trial, settled },
    async prepare(portal, place) {
      await trial.prepare(portal, place);
      await settled(portal, place);
      restartsBefore.set(place, await place.restarts());
    },
    async check(place, next) {
      await trial.check({
        ...{ place, next },
        value: await valueOf(next, place.at),
        versions: await place.versions(),
        restarts: (await place.restarts()) - (restartsBefore.get(place) ?? 0),
      });
    },
  };
}

/** Newest value of a key, as it is revealed. */
async function valueOf(
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
    WITHIN_MS,
  );
  await until(
    async () => !(await portal.call('get', place.at)).sync.restartAt,
    WITHIN_MS,
  );
}

/**
 * Sets a value, and looks whether anybody is told that the cluster has it while it does not.
 *
 * Resolves when the cluster has it.
 */
export async function setTruly(
  portal: PortalProcess,
  place: MortalPlace,
  value: string,
): Promise<void> {
  const { at } = place;
  const { sync } = await portal.call('set', { ...at, value });
  const told: Array<string> = sync.map((one: { state: string }) => one.state);
  await until(async () => {
    const inCluster = await place.held();
    if (told.includes('synced') && inCluster !== value) {
      throw new Error(`It says "synced" while the cluster has ${inCluster}.`);
    }
    if (inCluster === value) return true;
    const { sync: standing } = await portal.call('get', at);
    told.splice(0, told.length, standing.state);
    return false;
  }, WITHIN_MS);
}
