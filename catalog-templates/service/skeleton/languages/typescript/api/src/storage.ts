import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from './config.ts';
import type { ItemStore } from './items/store.ts';
import type { Check } from './runtime/readiness.ts';

/** Where the service keeps its data. */
export interface Storage {
  items: ItemStore;
  /** What has to answer before the service can work. */
  checks: Record<string, Check>;
  /** Brings the storage to what this version of the service expects, however long that takes. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

export type OpenStorage = (config: Config, logger: Logger, registry: Registry) => Storage;
