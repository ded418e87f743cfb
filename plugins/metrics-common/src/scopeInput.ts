import { z } from 'zod';
import { rangeInput } from './day';
import { referenceSchema } from './references';

/** Whose numbers are asked for, and of which days. */
export const sliceInput = rangeInput.extend({
  slice: referenceSchema(
    'group|system|component',
    'name a group, system or service by its whole reference, such as group:default/payments-team',
  )
    .optional()
    .describe('Reference of a group, system or service; all if left out'),
});
export type SliceInput = z.output<typeof sliceInput>;

/** What numbers are asked of. */
export const scopeInput = sliceInput.extend({
  environment: z
    .string()
    .min(1)
    .max(63)
    .optional()
    .describe('Name of an environment; all of production if left out'),
});
export type ScopeInput = z.output<typeof scopeInput>;

/** A list is read a page at a time. */
export const pageInput = {
  before: z.string().max(1000).optional().describe('"next" of the last answer'),
  limit: z.number().int().min(1).max(200).default(50),
};
