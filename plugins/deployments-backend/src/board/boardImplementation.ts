import {
  deploymentOperations,
  isUnready,
} from '@highroad/plugin-deployments-common';
import { Implementation } from '@highroad/plugin-platform-node';
import { DriftStore } from '../drift/DriftStore';
import { podsOf } from '../readiness/withReadiness';
import { ReadinessWatch } from '../readiness/ReadinessWatch';
import { unwatchedOf } from '../readiness/unwatchedOf';
import { DeploymentService } from '../service/DeploymentService';
import { Environments } from '../service/EnvironmentSettings';
import { servicesAsked } from '../service/servicesAsked';
import { boardRows } from './boardRows';

/** Says what runs where of all services, in as little as a table of thousands shows of it. */
export function boardImplementation(deps: {
  drift: Pick<DriftStore, 'briefly' | 'differing'>;
  environments: Environments;
  readiness: Pick<ReadinessWatch, 'of' | 'problem' | 'unready'>;
  service: Pick<DeploymentService, 'board' | 'services' | 'servicesOf'>;
}): Implementation<typeof deploymentOperations.board> {
  const { drift, environments, readiness, service } = deps;
  return {
    async handle(call) {
      const { only } = call.input;
      const services = await servicesAsked(call, call.input, deps);
      const [lines, seen] = await Promise.all([
        service.board({ services }),
        drift.briefly({ services }),
      ]);
      const known = lines.map(line => ({
        ...line,
        pods: podsOf(line, readiness),
        // What was compared with another deployment says nothing any more.
        drift: line.running && seen.get(line.running.id),
      }));
      const shown = only
        ? known.filter(
            ({ pods, drift: of }) =>
              (pods && isUnready(pods)) || of?.state === 'differs',
          )
        : known;
      const unwatched = unwatchedOf(environments.all(), readiness);
      return {
        ...boardRows(shown),
        ...(unwatched.length > 0 && { unwatched }),
      };
    },
  };
}
