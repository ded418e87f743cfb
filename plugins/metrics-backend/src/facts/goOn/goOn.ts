import { FactSettings } from '../Facts';
import { LedgerEvent } from '../ServiceEvents';
import { ServiceState } from '../ServiceState';
import { Before } from './Before';
import { Continuation, Continued } from './Continuation';
import { ReachesBack } from './ReachesBack';

/**
 * Goes on with the facts of a service: the same as computing all anew, without reading all that was told before.
 *
 * That is so for what happens as time goes: commits that nobody has referred to yet, deployments after all others, incidents after all
 * others, and their ends. Whatever else is told (late, again, of a pull request, of another owner) may change what is long over.
 *
 * @returns nothing where all has to be computed anew
 */
export function goOn(
  service: string,
  state: ServiceState,
  events: LedgerEvent[],
  before: Before,
  settings: FactSettings,
): Continued | undefined {
  try {
    return new Continuation(service, state, before, settings).tell(events);
  } catch (error) {
    if (error instanceof ReachesBack) return undefined;
    throw error;
  }
}
