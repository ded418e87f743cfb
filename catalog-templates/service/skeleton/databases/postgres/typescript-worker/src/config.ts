import Type, { type Static } from 'typebox';
import { databaseSettings } from './database/settings.ts';
import { runtimeSettings, seconds, wholeNumber } from './runtime/environment.ts';

/** Everything that is set from the environment. */
export const configSchema = Type.Object({
  ...runtimeSettings,
  ...databaseSettings,
  POLL_INTERVAL: seconds(1),
  JOB_TIMEOUT: seconds(30),
  JOB_MAX_ATTEMPTS: wholeNumber(5, 1, 1000),
});

export type Config = Static<typeof configSchema>;
