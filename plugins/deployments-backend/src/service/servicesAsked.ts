import { Call } from '@highroad/plugin-platform-node';
import { DriftStore } from '../drift/DriftStore';
import { ReadinessWatch } from '../readiness/ReadinessWatch';
import { DeploymentService } from './DeploymentService';
import { servicesThatAre } from './servicesThatAre';
import { visibleServices } from './visibleServices';
import { wholeReference } from './wholeReference';

/**
 * The services that a view of what runs where is about: those that are named, as far as some place of them may be as is asked for
 * and they may be seen.
 *
 * @returns `undefined` for all
 */
export async function servicesAsked(
  call: Pick<Call, 'visible'>,
  asked: { service?: string[]; only?: 'unready' | 'amiss' },
  known: {
    drift: Pick<DriftStore, 'differing'>;
    readiness: Pick<ReadinessWatch, 'unready'>;
    service: Pick<DeploymentService, 'services' | 'servicesOf'>;
  },
): Promise<string[] | undefined> {
  const named = asked.service?.map(wholeReference);
  const such = asked.only && (await servicesThatAre(asked.only, known));
  return visibleServices(
    call,
    such?.filter(one => named?.includes(one) ?? true) ?? named,
    () => known.service.services(),
  );
}
