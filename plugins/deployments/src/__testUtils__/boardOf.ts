import {
  deploymentOperations,
  isUnready,
} from '@highroad/plugin-deployments-common';
import { DeploymentsApi } from '../api';
import { Place } from '../board/board';

/** The board of some places, with no more of each than a backend gives. */
export function boardOf(known: {
  items: Place[];
  unwatched?: Array<{ environment: string; problem: string }>;
}): Awaited<ReturnType<DeploymentsApi['board']>> {
  const { items, unwatched } = known;
  const environments = [...new Set(items.map(one => one.environment))].sort();
  const services = [...new Set(items.map(one => one.service))];
  return deploymentOperations.board.output.parse({
    environments,
    unwatched,
    services: Object.fromEntries(
      services.map(service => [
        service,
        environments.map(environment => {
          const found = items.find(
            one => one.service === service && one.environment === environment,
          );
          return found ? shown(found) : null;
        }),
      ]),
    ),
  });
}

function shown({ running, latest, pods, drift }: Place) {
  const { id, version, kind, door, undoes, endedAt } = running ?? {};
  return {
    running: running && {
      ...{ id, version, endedAt },
      ...(kind === 'rollback' && { kind, door, undoes }),
    },
    latest,
    pods: pods && (isUnready(pods) ? pods : pods.wanted),
    drift: drift?.state === 'same' ? undefined : drift,
  };
}
