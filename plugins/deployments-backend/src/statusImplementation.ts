import {
  deploymentOperations,
  isUnready,
} from '@highroad/plugin-deployments-common';
import { Implementation } from '@highroad/plugin-platform-node';
import { DriftStore } from './drift/DriftStore';
import { withDrift } from './drift/withDrift';
import { ReadinessWatch } from './readiness/ReadinessWatch';
import { withReadiness } from './readiness/withReadiness';
import { DeploymentService } from './service/DeploymentService';
import { Environments } from './service/EnvironmentSettings';
import { inBrief } from './service/statusLines';
import { visibleServices } from './service/visibleServices';
import { wholeReference } from './service/wholeReference';

/** Says what runs where, how its pods are, and whether it was changed by hand. */
export function statusImplementation(deps: {
  drift: Pick<DriftStore, 'differing' | 'of'>;
  environments: Environments;
  readiness: Pick<ReadinessWatch, 'of' | 'problem' | 'unready'>;
  service: Pick<DeploymentService, 'services' | 'servicesOf' | 'status'>;
}): Implementation<typeof deploymentOperations.status> {
  const { drift, environments, readiness, service } = deps;
  /** Services of which some place may be so. */
  const servicesThatAre = async (only: 'unready' | 'amiss') => {
    const found = await Promise.all([
      service.servicesOf(readiness.unready()),
      only === 'amiss' ? drift.differing() : [],
    ]);
    return [...new Set(found.flat())];
  };
  return {
    async handle(call) {
      const { environment, only, brief } = call.input;
      const named = call.input.service?.map(wholeReference);
      const such = only && (await servicesThatAre(only));
      const services = await visibleServices(
        call,
        such?.filter(one => named?.includes(one) ?? true) ?? named,
        () => service.services(),
      );
      const asked = { services, environment };
      const [places, seen] = await Promise.all([
        service.status(asked),
        drift.of(asked),
      ]);
      const items = withReadiness(
        withDrift(brief ? places.map(inBrief) : places, seen),
        readiness,
      );
      const unwatched = environments.all().flatMap(({ name, cluster }) => {
        if (environment && environment !== name) return [];
        const problem = readiness.problem(cluster);
        return problem ? [{ environment: name, problem }] : [];
      });
      return {
        ...(unwatched.length > 0 && { unwatched }),
        items: only
          ? items.filter(
              ({ pods, drift: seenThere }) =>
                (pods && isUnready(pods)) ||
                (only === 'amiss' && seenThere?.state === 'differs'),
            )
          : items,
      };
    },
  };
}
