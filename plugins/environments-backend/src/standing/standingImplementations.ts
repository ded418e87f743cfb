import { Implementations } from '@highroad/plugin-platform-node';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { environmentOperations } from '@highroad/plugin-environments-common';
import { StandingDatabases } from './StandingDatabases';

/** What does the work of the operations on databases that stay. */
export function standingImplementations(deps: {
  databases: StandingDatabases;
  places: Places;
}): Pick<Implementations<typeof environmentOperations>, 'provideDatabases'> {
  return {
    provideDatabases: {
      async handle({ input: { service, environment, dryRun } }) {
        const place = deps.places.get(environment);
        return deps.databases.provide(service, place.name, { dryRun });
      },
    },
  };
}
