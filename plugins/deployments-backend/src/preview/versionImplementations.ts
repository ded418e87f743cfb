import { versionOperations } from '@highroad/plugin-deployments-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { wholeReference } from '../service/wholeReference';
import { Previews } from './Previews';
import { Versions } from './Versions';

/** What does the work of looking before deploying. */
export function versionImplementations(deps: {
  previews: Previews;
  versions: Versions;
}): Implementations<typeof versionOperations> {
  const { previews, versions } = deps;
  return {
    versions: {
      target: async ({ service }) => ({ resource: wholeReference(service) }),
      handle: ({ input: { service, limit }, signal }) =>
        versions.list(wholeReference(service), { limit, signal }),
    },
    preview: {
      target: async ({ service, environment }) => ({
        service: wholeReference(service),
        environment,
      }),
      async handle({ input: { service, environment, version }, signal }) {
        const place = { service: wholeReference(service), environment };
        return { preview: await previews.of(place, version, signal) };
      },
    },
  };
}
