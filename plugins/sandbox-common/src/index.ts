export * from './answers';
export * from './builds';
export * from './client';
export * from './events';
export * from './operations';
export * from './status';
export * from './words';
