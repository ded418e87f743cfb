import { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { FindingsService } from '../findings/FindingsService';

/** Offers what is wrong in the catalog to templates, agents and the command line. */
export function registerFindingsAction(
  actionsRegistry: ActionsRegistryService,
  findings: FindingsService,
): void {
  actionsRegistry.register({
    name: 'findings',
    title: 'What is wrong in the catalog?',
    description:
      'Lists what is wrong in catalog files, by owner: the file, the field, what stands there and how to put it right. Only what the caller may see is listed.',
    attributes: { readOnly: true, destructive: false, idempotent: true },
    schema: {
      input: z =>
        z.object({
          owner: z
            .array(z.string().min(1).max(600))
            .max(100)
            .default([])
            .describe(
              'References of owners, such as group:default/payments-team; everything if empty',
            ),
        }),
      output: z =>
        z.object({
          total: z.number().describe('How many things have findings'),
          owners: z.array(
            z.object({
              owner: z.string().optional(),
              ownerExists: z.boolean(),
              entities: z.array(
                z.object({
                  ref: z.string(),
                  title: z.string(),
                  findings: z.array(
                    z.object({
                      rule: z.string(),
                      level: z.enum(['warning', 'error']),
                      file: z.string(),
                      field: z.string(),
                      found: z.string(),
                      message: z.string(),
                      fix: z.string(),
                    }),
                  ),
                }),
              ),
            }),
          ),
          truncated: z
            .boolean()
            .describe('True if there are more than could be listed'),
        }),
    },
    action: async ({ input, credentials }) => {
      const answer = await findings.list(input.owner, credentials);
      return {
        output: {
          total: answer.total,
          truncated: answer.truncated,
          owners: answer.owners.map(({ owner, ownerExists, entities }) => ({
            owner,
            ownerExists,
            entities: entities.map(entity => ({
              ref: entity.ref,
              title: entity.title,
              findings: entity.findings,
            })),
          })),
        },
      };
    },
  });
}
