import Type, { type Static } from 'typebox';
import { runtimeSettings } from './runtime/environment.ts';

/** Everything that is set from the environment. */
export const configSchema = Type.Object({ ...runtimeSettings });

export type Config = Static<typeof configSchema>;
