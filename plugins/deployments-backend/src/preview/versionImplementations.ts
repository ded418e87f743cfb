import { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, stringifyError } from '@backstage/errors';
import {
  previewNewsSchema,
  versionOperations,
} from '@highroad/plugin-deployments-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { wholeReference } from '../service/wholeReference';
import { previewNews } from './previewNews';
import { Previews, Wanted } from './Previews';
import { Versions } from './Versions';

/** What does the work of looking before deploying. */
export function versionImplementations(deps: {
  logger: Pick<LoggerService, 'warn'>;
  previews: Previews;
  versions: Versions;
}): Implementations<typeof versionOperations> {
  const { logger, previews, versions } = deps;
  const place = async (input: { service: string; environment: string }) => ({
    service: wholeReference(input.service),
    environment: input.environment,
  });
  return {
    versions: {
      target: async ({ service }) => ({ resource: wholeReference(service) }),
      handle: ({ input: { service, limit }, signal }) =>
        versions.list(wholeReference(service), { limit, signal }),
    },
    preview: {
      target: place,
      async handle({ input, signal }) {
        const wanted = wantedOf(input);
        return {
          preview: await previews.of(await place(input), wanted, signal),
        };
      },
    },
    previewSteps: {
      target: place,
      async handle({ input, signal }) {
        const { service, environment } = input;
        const wanted = wantedOf(input);
        const run = await previews.begin(await place(input), wanted, signal);
        const news = previewNews(run, error => {
          // Whoever has gone ends it too.
          if (signal.aborted) return;
          logger.warn(
            `What deploying ${
              'version' in wanted ? wanted.version : `from ${wanted.from}`
            } of ${service} to ${environment} would change was not found out: ${stringifyError(
              error,
            )}`,
          );
        });
        return linesOf(news);
      },
    },
  };
}

/** @throws InputError unless one of the two is said */
function wantedOf(input: { version?: string; from?: string }): Wanted {
  const { version, from } = input;
  if (version !== undefined && from === undefined) return { version };
  if (from !== undefined && version === undefined) return { from };
  throw new InputError(
    'Say either which version ("version") or which environment it is promoted from ("from").',
  );
}

async function* linesOf(news: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const one of news) {
    yield `${JSON.stringify(previewNewsSchema.parse(one))}\n`;
  }
}
