// What other measurements of the whole portal need as well; see README.md for how to run the tests.
export { freePort } from './support/freePort';
export { startPortal } from './support/portal';
export type { RunningPortal } from './support/portal';
