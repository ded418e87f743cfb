import { z } from 'zod';
import { oneOf } from './value';

/** What a made value consists of. */
export const alphabets = {
  alphanumeric:
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  hex: '0123456789abcdef',
  'url-safe':
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
} as const;
export type Alphabet = keyof typeof alphabets;

/** How random values are made. */
export const generatorShape = {
  length: z.number().int().min(16).max(512).default(32),
  alphabet: oneOf(['alphanumeric', 'hex', 'url-safe']).default('alphanumeric'),
};

/** What makes the values where nothing is said. */
export const RANDOM = 'random';

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day such as 02:30');

/** When and how a value is replaced by itself. */
export const rotationRuleShape = {
  everyDays: z.number().int().min(1).max(730).optional(),
  cron: z
    .string()
    .max(100)
    .optional()
    .describe(
      'When, instead of everyDays: minute, hour, day of month, month, day of week; such as 0 3 * * 0',
    ),
  timeZone: z
    .string()
    .max(64)
    .default('UTC')
    .describe('Of cron and window, such as Europe/Berlin'),
  window: z
    .object({ from: clockTime, to: clockTime })
    .optional()
    .describe(
      'Time of day in which it may happen; over midnight if to is earlier',
    ),
  generator: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .default(RANDOM)
    .describe(
      'What makes the new value: random, postgres, or one added to the portal',
    ),
  settings: z
    .record(z.union([z.string().max(500), z.number(), z.boolean()]))
    .default({})
    .describe('What the generator needs to know'),
  overlapHours: z
    .number()
    .min(0)
    .max(24 * 60)
    .default(24)
    .describe(
      'How long the value before goes on working, where the generator can have both work',
    ),
};
const ruleSchema = z.object(rotationRuleShape);
export type RotationRule = z.output<typeof ruleSchema>;

/** A key whose value is replaced by itself. */
export const rotationSchema = ruleSchema.extend({
  environment: z.string(),
  key: z.string(),
  /** When it is replaced next, ISO 8601 */
  dueAt: z.string(),
  overdue: z.boolean(),
  /** There is something to do, which waits until the key, which is deleted, is put back */
  waiting: z.boolean().optional(),
  lastAt: z.string().optional(),
  /** Until when the value before goes on working too, ISO 8601 */
  retiresAt: z.string().optional(),
  /** What went wrong the last time; the value is the old one then */
  problem: z.string().optional(),
});
export type Rotation = z.output<typeof rotationSchema>;

/** A rule in the words that one is asked for in, so that a part of it can be changed. */
export function askedRule(rotation: Rotation) {
  const { everyDays, cron, timeZone, window } = rotation;
  const { generator, settings, overlapHours } = rotation;
  return {
    ...{ everyDays, cron, timeZone, window, generator, overlapHours },
    ...(generator === RANDOM
      ? z.object(generatorShape).parse(settings)
      : { settings }),
  };
}

/** How often, as it goes on from "is replaced". */
export function howOften({
  cron,
  everyDays,
  timeZone,
  window,
}: Pick<Rotation, 'cron' | 'everyDays' | 'timeZone' | 'window'>): string {
  if (cron !== undefined) return `at "${cron}" (${timeZone})`;
  const days = everyDays === 1 ? 'every day' : `every ${everyDays} days`;
  return window
    ? `${days} between ${window.from} and ${window.to} (${timeZone})`
    : days;
}
