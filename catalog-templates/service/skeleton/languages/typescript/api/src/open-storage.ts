import { MemoryItemStore } from './items/memory-store.ts';
import type { OpenStorage } from './storage.ts';

/** Keeps everything in memory: it is gone after a restart, and each replica has its own. */
export const openStorage: OpenStorage = () => ({
  items: new MemoryItemStore(),
  checks: {},
  prepare: async () => {},
  close: async () => {},
});
