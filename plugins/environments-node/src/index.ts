/**
 * What makes databases for environments has to do, and how it is added to Environments.
 *
 * @packageDocumentation
 */
export { SeedRefusedError } from './DatabaseDriver';
export type {
  AppliedSeed,
  DatabaseConnection,
  DatabaseDriver,
  DatabaseHolding,
  DatabaseObject,
  DatabaseRequest,
  EnvironmentIdentity,
  Seed,
} from './DatabaseDriver';
export { environmentDatabaseExtensionPoint } from './extensionPoint';
export type { EnvironmentDatabaseExtensionPoint } from './extensionPoint';
