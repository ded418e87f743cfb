import Type, { type Static } from 'typebox';
import { databaseSettings } from './database/settings.ts';
import { runtimeSettings } from './runtime/environment.ts';

/** Everything that is set from the environment. */
export const configSchema = Type.Object({ ...runtimeSettings, ...databaseSettings });

export type Config = Static<typeof configSchema>;
