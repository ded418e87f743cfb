/**
 * Reads a clone of a Git repository as events of the metrics ledger.
 *
 * @packageDocumentation
 */
export { gitCommits } from './gitCommits';
export { gitHistory } from './gitHistory';
export type { GitHistoryOptions } from './gitHistory';
