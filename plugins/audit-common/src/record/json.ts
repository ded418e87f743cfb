import { JsonObject, JsonValue } from '@backstage/types';
import { z } from 'zod';

const jsonValueSchema: z.ZodType<JsonValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(jsonValueSchema),
    z.record(jsonValueSchema),
  ]),
);

/** An object of JSON. */
export const jsonObjectSchema: z.ZodType<JsonObject> =
  z.record(jsonValueSchema);
