import { AuditorService } from '@backstage/backend-plugin-api';
import { ANNOTATION_ORIGIN_LOCATION } from '@backstage/catalog-model';
import { ConflictError, NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { AuditContext } from '@highroad/plugin-platform-common';
import { actorOf } from '@highroad/plugin-platform-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { withRunbook } from '../service/withRunbook';
import { examples } from './awaitEntity.examples';

const POLL_MS = 200;

/**
 * Waits until the catalog has processed an entity, so that the links of the result page lead somewhere, and records that
 * there is a new service, so that its own history begins with who made it.
 */
export function createAwaitEntityAction(options: {
  auditor: AuditorService;
  catalog: CatalogService;
}) {
  return createTemplateAction({
    id: 'platform:catalog:await',
    description: 'Waits until an entity is in the catalog',
    examples,
    supportsDryRun: false,
    schema: {
      input: {
        entityRef: z => z.string(),
        catalogInfoUrl: z =>
          z
            .string()
            .optional()
            .describe('Where it was registered from; another one’s is refused'),
        timeoutSeconds: z => z.number().min(1).max(600).default(60),
      },
      output: {
        entityRef: z => z.string(),
      },
    },
    handler: ctx =>
      withRunbook(
        () => 'create-service-does-not-appear',
        async () => {
          const { entityRef, timeoutSeconds, catalogInfoUrl } = ctx.input;
          const credentials = await ctx.getInitiatorCredentials();
          const deadline = Date.now() + timeoutSeconds * 1000;

          let entity = await options.catalog.getEntityByRef(entityRef, {
            credentials,
          });
          while (!entity) {
            if (Date.now() > deadline) {
              throw new NotFoundError(
                `${entityRef} was registered but is not in the catalog after ${timeoutSeconds} s. ` +
                  'The catalog may be busy: look again later.',
              );
            }
            await sleep(POLL_MS, undefined, { signal: ctx.signal });
            entity = await options.catalog.getEntityByRef(entityRef, {
              credentials,
            });
          }
          const origin =
            entity.metadata.annotations?.[ANNOTATION_ORIGIN_LOCATION];
          if (catalogInfoUrl && origin && origin !== `url:${catalogInfoUrl}`) {
            throw new ConflictError(
              `Another ${entityRef} was registered meanwhile, from ${origin}. ` +
                `The repository of this creation is whole, but not in the catalog: ${catalogInfoUrl}`,
            );
          }
          ctx.logger.info(`${entityRef} is in the catalog`);
          ctx.output('entityRef', entityRef);
          await ctx.checkpoint({
            key: 'recorded',
            fn: async () => {
              const context: AuditContext = {
                actor: actorOf(credentials),
                door: 'action',
                service: entityRef,
                // With it, the door by which it was asked for is found.
                correlation: ctx.task.id,
              };
              const record = await options.auditor.createEvent({
                eventId: 'service-create',
                severityLevel: 'medium',
                meta: { platform: context },
              });
              await record.success();
            },
          });
        },
      ),
  });
}
