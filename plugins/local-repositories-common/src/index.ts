/**
 * Addresses and answers of repositories kept on this machine, and a typed client for them.
 *
 * @packageDocumentation
 */
export * from './address';
export * from './schemas';
export * from './operations';
export * from './client';
