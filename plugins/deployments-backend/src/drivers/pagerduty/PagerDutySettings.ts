import { Config } from '@backstage/config';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const settingsSchema = z
  .object({
    token: z.string().min(1),
    apiUrl: z
      .string()
      .url('use an address such as https://api.eu.pagerduty.com')
      .transform(text => text.replace(/\/$/, ''))
      .default('https://api.pagerduty.com'),
  })
  .strict()
  .optional();
export type PagerDutySettings = NonNullable<z.output<typeof settingsSchema>>;

/**
 * @returns nothing where it is not connected
 * @throws InputError with the path of a bad key under `platform.pagerduty`
 */
export function readPagerDutySettings(
  config: Config,
): PagerDutySettings | undefined {
  return readConfigAs(config, 'platform.pagerduty', settingsSchema);
}
