import { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  DEFAULT_DEPTH,
  DependencyAnswer,
  MAX_DEPTH,
} from '@highroad/plugin-catalog-platform-common';
import { DependencyService } from '../dependencies/DependencyService';

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

function inWords(answer: DependencyAnswer): string {
  const { root, direction, items } = answer;
  const things = items.length === 1 ? '1 thing' : `${items.length} things`;
  const sentence =
    direction === 'dependents'
      ? `${things} ${items.length === 1 ? 'breaks' : 'break'} if ${
          root.name
        } breaks.`
      : `${root.name} needs ${things}.`;
  return answer.truncated || answer.deeper
    ? `${sentence} There is more that was not followed.`
    : sentence;
}

/** Offers "what depends on X?" to templates, agents and the command line. */
export function registerDependentsAction(
  actionsRegistry: ActionsRegistryService,
  dependencies: DependencyService,
): void {
  actionsRegistry.register({
    name: 'dependents',
    title: 'What depends on this?',
    description: `Lists everything that breaks if a component, API, resource or system breaks, directly or through others, nearest first, with the way there, owner, lifecycle and who is on call. With direction "dependencies" it lists what the thing itself needs. Only what the caller may see is listed.`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    schema: {
      input: z =>
        z.object({
          ref: z
            .string()
            .min(1)
            .max(600)
            .describe(
              'Reference of the thing, such as component:default/payment-service; a bare name means a component',
            ),
          direction: z
            .enum(['dependents', 'dependencies'])
            .default('dependents')
            .describe('What breaks with it, or what it needs'),
          depth: z
            .number()
            .int()
            .min(1)
            .max(MAX_DEPTH)
            .default(DEFAULT_DEPTH)
            .describe('How many steps to follow'),
          lifecycle: z
            .array(z.string().min(1).max(63))
            .max(20)
            .default([])
            .describe(
              'List only things of these lifecycles; "none" stands for things that have none',
            ),
        }),
      output: z =>
        z.object({
          summary: z.string().describe('The answer in one sentence'),
          items: z
            .array(
              z.object({
                ref: z.string(),
                title: z.string(),
                depth: z.number(),
                owner: z.string().optional(),
                lifecycle: z.string().optional(),
                onCallUrl: z.string().optional(),
                path: z
                  .array(z.string())
                  .describe('The way from the thing asked about to this one'),
              }),
            )
            .describe('Nearest first'),
          unresolved: z
            .array(
              z.object({
                ref: z.string(),
                from: z.string(),
                field: z.string(),
              }),
            )
            .describe(
              'Named in a file, but not in the catalog or not visible to you',
            ),
          deeper: z
            .boolean()
            .describe('True if something lies beyond the depth'),
          truncated: z
            .boolean()
            .describe('True if there was too much to follow'),
        }),
    },
    examples: [
      {
        title: 'What breaks in production if the user service breaks',
        input: {
          ref: 'component:default/user-service',
          direction: 'dependents',
          depth: 4,
          lifecycle: ['production'],
        },
      },
    ],
    action: async ({ input, credentials }) => {
      const { ref, ...query } = input;
      const answer = await dependencies.ask(readRef(ref), query, credentials);
      return {
        output: {
          summary: inWords(answer),
          items: answer.items.map(item => ({
            ref: item.ref,
            title: item.title,
            depth: item.depth,
            owner: item.owner,
            lifecycle: item.lifecycle,
            onCallUrl: item.onCall?.url,
            path: [answer.root.ref, ...item.path.map(step => step.ref)],
          })),
          unresolved: answer.unresolved,
          deeper: answer.deeper,
          truncated: answer.truncated,
        },
      };
    },
  });
}
