export { SandboxClient } from './supervisor/client';
export { cacheFolder, SandboxPaths } from './machine/paths';
export { readConnection } from './connection/settle';
export type { Connection } from './connection/schema';
export { ProgramCache } from './cache/ProgramCache';
export { pins } from './upstream/programs';
export { packCache, restoreCache } from './cache/archive';
export { whatRealNodeLacks } from './real-node/check';
export type { Lack } from './real-node/check';
