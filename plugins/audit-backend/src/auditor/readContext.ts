import { AuditContext, doors } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { cleanName, cleanText } from './cleanMeta';

/** The key of `meta` under which callers say more of an event than the auditor service has fields for. */
export const CONTEXT_KEY = 'platform';
/** As much as the columns of the database hold. */
export const MAX_NAME = 200;

const name = z.string().transform(text => cleanName(text, MAX_NAME));
// Some letters are longer when they are small.
const ref = z
  .string()
  .transform(text => cleanName(text.toLocaleLowerCase('en-US'), MAX_NAME));

const contextSchema: z.ZodType<AuditContext, z.ZodTypeDef, unknown> = z.object({
  actor: z
    .object({ kind: z.enum(['user', 'service', 'none']), ref: name })
    .optional(),
  door: z.enum(doors).optional(),
  service: ref.optional(),
  environment: name.optional(),
  correlation: name.optional(),
  reason: z
    .string()
    .transform(text => cleanText(text, 2_000))
    .optional(),
  refused: z.boolean().optional(),
});

/**
 * Reads the context out of meta.
 *
 * @returns nothing if there is none, or something that is none: then it stays in meta as it is
 */
export function readContext(meta: object): AuditContext | undefined {
  if (!(CONTEXT_KEY in meta)) return undefined;
  const parsed = contextSchema.safeParse(meta[CONTEXT_KEY]);
  return parsed.success ? parsed.data : undefined;
}
