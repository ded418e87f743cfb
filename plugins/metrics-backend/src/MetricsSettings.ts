import { Config } from '@backstage/config';
import { bandsOf2023, bandSetSchema } from '@highroad/plugin-metrics-common';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const settingsSchema = z
  .object({
    timeZone: z
      .string()
      .refine(
        isTimeZone,
        'there is no such time zone; use one such as Europe/Berlin',
      )
      .default('UTC'),
    incidentWindowHours: z.number().positive().max(720).default(24),
    leadTimeFrom: z.enum(['first-commit', 'merge']).default('first-commit'),
    hotfix: z
      .array(z.string().min(1))
      .default(['hotfix'])
      .transform(words => words.map(word => word.toLocaleLowerCase('en-US'))),
    bands: bandSetSchema.default(bandsOf2023),
    exampleHistory: z.string().min(1).optional(),
    backfillDays: z.number().int().min(1).max(3650).default(365),
    tickets: z
      .object({
        label: z.string().min(1).max(50),
        repositories: z.array(z.string().url()).max(100).default([]),
      })
      .strict()
      .optional(),
    sources: z
      .array(
        z
          .object({
            source: z.string().min(1).max(255),
            everyHours: z.number().positive().max(8_760),
          })
          .strict(),
      )
      .max(200)
      .default([]),
    pagerduty: z
      .object({ webhookSecrets: z.array(z.string().min(8)).min(1) })
      .strict()
      .optional(),
  })
  .strict()
  .default({});
export type MetricsSettings = z.output<typeof settingsSchema>;

/** @throws InputError naming the path of a key under `platform.metrics` that is wrong */
export function readMetricsSettings(config: Config): MetricsSettings {
  return readConfigAs(config, 'platform.metrics', settingsSchema);
}

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
