import { InputError, NotAllowedError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { createOperations } from '@highroad/plugin-create-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { GitHosts } from './git-hosts/GitHosts';
import { Previews } from './service/Previews';
import { resolveReference } from './service/resolveReference';
import { ServiceNames } from './service/ServiceNames';

/** What the form and the command line ask before a service is created. */
export function implementCreation(services: {
  catalog: CatalogService;
  names: ServiceNames;
  gitHosts: GitHosts;
  previews: Previews;
}): Implementations<typeof createOperations> {
  const { catalog, names, gitHosts, previews } = services;
  return {
    gitHosts: { handle: () => gitHosts.list() },
    checkName: {
      handle: async ({ input, credentials }) => {
        const { name } = input;
        for (const field of ['owner', 'system'] as const) {
          const text = input[field];
          const problem =
            text &&
            (await whyNot(
              resolveReference(field, text, { catalog, credentials }),
            ));
          if (problem) return { name, available: false, problem, field };
        }
        const verdict = await names.check(input, credentials);
        return 'problem' in verdict
          ? { name, available: false, problem: verdict.problem, field: 'name' }
          : { name, available: true };
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

/** What is wrong with an answer, where something is. */
async function whyNot(reading: Promise<unknown>): Promise<string | undefined> {
  try {
    await reading;
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
