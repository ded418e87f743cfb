import { z } from 'zod';

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
  alphabet: z.enum(['alphanumeric', 'hex', 'url-safe']).default('alphanumeric'),
};

/** A key whose value is replaced by itself. */
export const rotationSchema = z.object({
  environment: z.string(),
  key: z.string(),
  everyDays: z.number().int(),
  length: z.number().int(),
  alphabet: generatorShape.alphabet.removeDefault(),
  /** When it is replaced next, ISO 8601 */
  dueAt: z.string(),
  overdue: z.boolean(),
  lastAt: z.string().optional(),
  /** What went wrong the last time; the value is the old one then */
  problem: z.string().optional(),
});
export type Rotation = z.infer<typeof rotationSchema>;
