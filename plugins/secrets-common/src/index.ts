/**
 * Secrets: what one is, what can be asked and done, and who may.
 *
 * @packageDocumentation
 */
export * from './attention';
export * from './dotEnv';
export * from './keptVersions';
export * from './operations';
export * from './permissions';
export * from './rotation';
export * from './secret';
export * from './uses';
export * from './value';
