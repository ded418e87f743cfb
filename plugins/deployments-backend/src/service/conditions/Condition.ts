import { z } from 'zod';
import { durationSchema } from './duration';

/** What stands in queries for what is known only at a deployment. */
export const placeholders = [
  'service',
  'environment',
  'namespace',
  'version',
  'podHash',
  'window',
] as const;
export type Placeholder = (typeof placeholders)[number];

const PLACEHOLDER = /\{([a-z]+)\}/gi;

const query = z
  .string()
  .min(1)
  .max(4_000)
  .superRefine((text, context) => {
    for (const [whole, name] of text.matchAll(PLACEHOLDER)) {
      if (placeholders.some(one => one === name)) continue;
      context.addIssue({
        code: 'custom',
        message: `${whole} is no placeholder; there is ${placeholders
          .map(one => `{${one}}`)
          .join(', ')}`,
      });
    }
    if (text.includes('{{')) {
      context.addIssue({ code: 'custom', message: '"{{" is not PromQL' });
    }
  });

/** A condition as the configuration has it. */
export const conditionSettingsSchema = z
  .object({
    name: z
      .string()
      .regex(
        /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
        'use lower-case letters, digits and "-", at most 40',
      ),
    query,
    max: z.number().optional(),
    min: z.number().optional(),
    window: durationSchema
      .refine(seconds => seconds >= 5, 'at least 5s')
      .default('1m'),
    samples: query.optional(),
    minSamples: z.number().positive().optional(),
    fewSamples: z.enum(['fail', 'pass']).default('fail'),
  })
  .strict()
  .superRefine(({ max, min, samples, minSamples }, context) => {
    if ((max === undefined) === (min === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['max'],
        message: 'give either max or min, as the value that is still good',
      });
    }
    if ((samples === undefined) !== (minSamples === undefined)) {
      context.addIssue({
        code: 'custom',
        path: [samples === undefined ? 'samples' : 'minSamples'],
        message:
          'samples counts what the value rests on and minSamples says how much is enough: give both or neither',
      });
    }
  });

/** What a new version has to hold, so that it stays. It is kept with the deployment that is judged by it. */
export const conditionSchema = z.object({
  name: z.string(),
  /** PromQL, with placeholders */
  query: z.string(),
  /** Whether the value may at most or must at least be the threshold */
  bound: z.enum(['max', 'min']),
  threshold: z.number(),
  /** Seconds that the query looks back */
  window: z.number(),
  /** How much the value must rest on */
  samples: z.object({ query: z.string(), min: z.number() }).optional(),
  /** What it means that there is less: it cannot be judged, or need not be */
  fewSamples: z.enum(['fail', 'pass']),
});
export type Condition = z.output<typeof conditionSchema>;

/** Reads a condition of the configuration as what deployments are judged by. */
export function conditionOf(
  settings: z.output<typeof conditionSettingsSchema>,
): Condition {
  const { name, window, fewSamples, max, min, samples, minSamples } = settings;
  return {
    ...{ name, query: settings.query, window, fewSamples },
    bound: max === undefined ? 'min' : 'max',
    threshold: max ?? min ?? 0,
    ...(samples !== undefined &&
      minSamples !== undefined && {
        samples: { query: samples, min: minSamples },
      }),
  };
}

/** Puts what is known into a query. All that can stand there is made of letters, digits, "-", "_" and ".". */
export function fill(
  text: string,
  values: Record<Placeholder, string>,
): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    const known = placeholders.find(one => one === name);
    return known ? values[known] : whole;
  });
}

/** `at most 0.05` */
export function boundText({
  bound,
  threshold,
}: Pick<Condition, 'bound' | 'threshold'>): string {
  return `${bound === 'max' ? 'at most' : 'at least'} ${threshold}`;
}
