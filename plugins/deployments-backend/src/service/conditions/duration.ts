import { z } from 'zod';

const SECONDS = { s: 1, m: 60, h: 3_600 };
const LONGEST = 86_400;

/** A duration such as `30s`, `5m` or `1h`, read as seconds; a day at most. */
export const durationSchema = z
  .string({
    invalid_type_error: 'write a duration such as "30s", "5m" or "1h"',
  })
  .regex(/^\d{1,5}[smh]$/, 'write a duration such as "30s", "5m" or "1h"')
  .transform(text => Number(text.slice(0, -1)) * SECONDS[text.slice(-1) as 's'])
  .refine(seconds => seconds <= LONGEST, 'at most a day');
