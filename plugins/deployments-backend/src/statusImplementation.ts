import {
  deploymentOperations,
  isUnready,
} from '@highroad/plugin-deployments-common';
import { Implementation } from '@highroad/plugin-platform-node';
import { DriftStore } from './drift/DriftStore';
import { withDrift } from './drift/withDrift';
import { ReadinessWatch } from './readiness/ReadinessWatch';
import { withReadiness } from './readiness/withReadiness';
import { unwatchedOf } from './readiness/unwatchedOf';
import { DeploymentService } from './service/DeploymentService';
import { Environments } from './service/EnvironmentSettings';
import { servicesAsked } from './service/servicesAsked';
import { inBrief } from './service/statusLines';

/** Says what runs where, how its pods are, and whether it was changed by hand. */
export function statusImplementation(deps: {
  drift: Pick<DriftStore, 'differing' | 'of'>;
  environments: Environments;
  readiness: Pick<ReadinessWatch, 'of' | 'problem' | 'unready'>;
  service: Pick<DeploymentService, 'services' | 'servicesOf' | 'status'>;
}): Implementation<typeof deploymentOperations.status> {
  const { drift, environments, readiness, service } = deps;
  return {
    async handle(call) {
      const { environment, only, brief } = call.input;
      const services = await servicesAsked(call, call.input, deps);
      const asked = { services, environment };
      const [places, seen] = await Promise.all([
        service.status(asked),
        drift.of(asked),
      ]);
      const items = withReadiness(
        withDrift(brief ? places.map(inBrief) : places, seen),
        readiness,
      );
      const unwatched = unwatchedOf(
        environments.all().filter(({ name }) => (environment ?? name) === name),
        readiness,
      );
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
