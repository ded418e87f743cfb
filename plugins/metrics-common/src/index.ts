/**
 * Delivery and adoption metrics: what is counted, how, from which events, and who may see and change it.
 *
 * @packageDocumentation
 */
export * from './adoptionDefinitions';
export * from './adoptionOperations';
export * from './adoptionReadings';
export * from './adoptionResults';
export * from './bands';
export * from './channel';
export * from './day';
export * from './definitions';
export * from './deliveries';
export * from './events';
export * from './exportOperations';
export * from './operations';
export * from './permissions';
export * from './readings';
export * from './results';
export * from './scopeInput';
export * from './sourceOperations';
export * from './statistics';
export * from './storableText';
export * from './surveyOperations';
