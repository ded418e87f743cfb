/**
 * What a new service is made of, for the form, the command line and the backend alike.
 *
 * @packageDocumentation
 */
export * from './serviceName';
export * from './schemas';
export * from './operations';
export * from './client';
