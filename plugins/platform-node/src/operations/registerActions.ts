import { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { Operation, Operations } from '@highroad/plugin-platform-common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Implementations } from './Implementation';
import { OperationRunner } from './OperationRunner';

/**
 * Offers operations as actions, to templates, AI clients and the command line. They run as by HTTP: the same check of
 * the input, of the rights, the same record.
 */
export function registerActions<T extends Operations>(
  operations: T,
  implementations: Implementations<T>,
  deps: { actionsRegistry: ActionsRegistryService; runner: OperationRunner },
): void {
  for (const key of Object.keys(operations)) {
    const operation: Operation = operations[key];
    const { action, audit, input, output } = operation;
    if (!action) continue;
    if (!(output instanceof z.ZodObject)) {
      throw new TypeError(
        `${operation.plugin}.${operation.name} is offered as an action, so its output must be an object`,
      );
    }
    deps.actionsRegistry.register({
      name: action.name,
      title: action.title,
      description: action.description,
      examples: action.examples,
      schema: {
        input: () => foreign(readLater(input)),
        output: () => foreign(output),
      },
      attributes: {
        readOnly: audit === 'no-effect',
        destructive: action.destructive ?? false,
        idempotent: action.idempotent ?? audit === 'no-effect',
      },
      action: async context => ({
        output: output.parse(
          await deps.runner.run(operation, implementations[key], {
            input: context.input,
            credentials: context.credentials,
            door: 'action',
            correlation: randomUUID(),
            // Callers of actions cannot take them back.
            signal: new AbortController().signal,
          }),
        ),
      }),
    });
  }
}

/**
 * A schema that describes itself as this one and takes anything: the runner reads the input, names what is wrong with it, and
 * records who is refused for it. The registry would do neither.
 */
function readLater(schema: z.AnyZodObject): z.AnyZodObject {
  const safeParse = (data: unknown) => ({ success: true, data });
  return Object.create(schema, { safeParse: { value: safeParse } });
}

type ForeignSchema = ReturnType<
  Parameters<ActionsRegistryService['register']>[0]['schema']['input']
>;

/** The registry's own copy of the same library has a type of its own; what it does with a schema is the same. */
function foreign(schema: z.AnyZodObject): ForeignSchema {
  return schema as unknown as ForeignSchema;
}
