import { NotAllowedError } from '@backstage/errors';
import { createOperations } from '@highroad/plugin-create-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { GitHosts } from './git-hosts/GitHosts';
import { Previews } from './service/Previews';
import { ServiceNames } from './service/ServiceNames';

/** What the form and the command line ask before a service is created. */
export function implementCreation(services: {
  names: ServiceNames;
  gitHosts: GitHosts;
  previews: Previews;
}): Implementations<typeof createOperations> {
  const { names, gitHosts, previews } = services;
  return {
    gitHosts: { handle: () => gitHosts.list() },
    checkName: {
      handle: async ({ input, credentials }) => {
        const verdict = await names.check(input, credentials);
        return {
          name: input.name,
          available: verdict.kind === 'free' || verdict.kind === 'unfinished',
          ...('problem' in verdict && { problem: verdict.problem }),
        };
      },
    },
    preview: {
      handle: async ({ input, credentials, actor }) => {
        // A template runs with the rights of who asks, and no policy decides on those of a machine.
        if (actor.kind !== 'user') {
          throw new NotAllowedError(
            `Only people may preview a template, and ${actor.ref} is none. Sign in as a person.`,
          );
        }
        return previews.preview(input, credentials);
      },
    },
  };
}
