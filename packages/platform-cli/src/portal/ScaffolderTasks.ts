import { ResponseError } from '@backstage/errors';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const POLL_MS = 250;

const eventSchema = z.object({
  id: z.number(),
  type: z.enum(['log', 'completion', 'cancelled', 'recovered']),
  createdAt: z.string(),
  body: z
    .object({
      message: z.string().optional(),
      stepId: z.string().optional(),
      status: z.string().optional(),
      error: z.object({ name: z.string(), message: z.string() }).optional(),
      output: z.record(z.unknown()).optional(),
    })
    .passthrough(),
});
export type TaskEvent = z.infer<typeof eventSchema>;

const taskSchema = z.object({
  id: z.string(),
  status: z.string(),
  spec: z.object({
    steps: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
});
export type Task = z.infer<typeof taskSchema>;

const propertySchema = z
  .object({
    title: z.string().optional(),
    description: z.string().optional(),
    type: z.string().optional(),
    enum: z.array(z.string()).optional(),
    /** How people read each of `enum` */
    enumNames: z.array(z.string()).optional(),
    default: z.unknown().optional(),
    'ui:field': z.string().optional(),
  })
  .passthrough();
export type Property = z.infer<typeof propertySchema>;

const fieldsSchema = z.object({
  required: z.array(z.string()).optional(),
  properties: z.record(propertySchema).optional(),
});
const stepSchema = z.object({
  title: z.string(),
  schema: fieldsSchema.extend({
    dependencies: z
      .record(z.object({ oneOf: z.array(fieldsSchema) }))
      .optional(),
  }),
});
const parametersSchema = z.object({
  title: z.string(),
  steps: z.array(stepSchema),
});
export type TemplateParameters = z.infer<typeof parametersSchema>;

/** Runs templates and follows them. */
export class ScaffolderTasks {
  readonly #fetchApi: { fetch: typeof fetch };

  constructor(options: { fetchApi: { fetch: typeof fetch } }) {
    this.#fetchApi = options.fetchApi;
  }

  /** What a template asks for. */
  async parameters(template: string): Promise<TemplateParameters> {
    return parametersSchema.parse(
      await this.#ask(
        `/v2/templates/default/template/${encodeURIComponent(
          template,
        )}/parameter-schema`,
      ),
    );
  }

  async start(
    templateRef: string,
    values: Record<string, unknown>,
  ): Promise<string> {
    const answer = await this.#ask('/v2/tasks', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ templateRef, values }),
    });
    return z.object({ id: z.string() }).parse(answer).id;
  }

  async get(id: string): Promise<Task> {
    return taskSchema.parse(await this.#ask(`/v2/tasks/${id}`));
  }

  /** Events from the first to the last, as they come; ends when the task does, or when aborted. */
  async *follow(id: string, signal: AbortSignal): AsyncGenerator<TaskEvent> {
    let after = -1;
    while (!signal.aborted) {
      const query = after < 0 ? '' : `?after=${after}`;
      const events = z
        .array(eventSchema)
        .parse(await this.#ask(`/v2/tasks/${id}/events${query}`, { signal }));
      for (const event of events) {
        after = Math.max(after, event.id);
        yield event;
        if (event.type === 'completion' || event.type === 'cancelled') return;
      }
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  async #ask(path: string, init?: RequestInit): Promise<unknown> {
    const response = await this.#fetchApi.fetch(
      `plugin://scaffolder${path}`,
      init,
    );
    if (!response.ok) throw await refusal(response);
    return response.json();
  }
}

/** The scaffolder lists values that do not fit a template in a shape of its own. */
async function refusal(response: Response): Promise<Error> {
  const invalid = z
    .object({ errors: z.array(z.object({ stack: z.string() })).min(1) })
    .safeParse(
      await response
        .clone()
        .json()
        .catch(() => undefined),
    );
  if (response.status === 400 && invalid.success) {
    const problems = invalid.data.errors.map(({ stack }) =>
      stack.replace(/^instance\.?/, ''),
    );
    return new Error(`The template refuses: ${problems.join('; ')}`);
  }
  return ResponseError.fromResponse(response);
}
