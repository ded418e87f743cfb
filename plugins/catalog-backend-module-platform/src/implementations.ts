import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { catalogPlatformOperations } from '@highroad/plugin-catalog-platform-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { DependencyService } from './dependencies/DependencyService';
import { summarize } from './dependencies/summarize';
import { FindingsService } from './findings/FindingsService';

/** Answers with the rights of the one who asks: the services read the catalog as them. */
export function implementCatalogPlatform(services: {
  dependencies: DependencyService;
  findings: FindingsService;
}): Implementations<typeof catalogPlatformOperations> {
  const { dependencies, findings } = services;
  return {
    dependents: {
      handle: async ({ input, credentials }) =>
        dependencies.ask(stringifyEntityRef(input), input, credentials),
    },
    dependentsSummary: {
      handle: async ({ input, credentials }) => {
        const ref = readRef(input.ref);
        return summarize(await dependencies.ask(ref, input, credentials));
      },
    },
    findings: {
      handle: async ({ input, credentials }) =>
        findings.list(input.owner, credentials),
    },
    entityFindings: {
      handle: async ({ input, credentials }) => ({
        entity: await findings.ofEntity(stringifyEntityRef(input), credentials),
      }),
    },
  };
}

/** Reads a reference; a bare name is a component in the default namespace. */
function readRef(written: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(written, { defaultKind: 'Component' }),
    );
  } catch (error) {
    throw new InputError(
      `"${written}" is not a reference. Write kind:namespace/name, such as component:default/payment-service.`,
      error,
    );
  }
}
