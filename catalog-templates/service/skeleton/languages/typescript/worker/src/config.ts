import Type, { type Static } from 'typebox';
import { runtimeSettings, seconds } from './runtime/environment.ts';

/** Everything that is set from the environment. */
export const configSchema = Type.Object({
  ...runtimeSettings,
  POLL_INTERVAL: seconds(1),
  JOB_TIMEOUT: seconds(30),
});

export type Config = Static<typeof configSchema>;
