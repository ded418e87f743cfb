import { Seed } from '@highroad/plugin-environments-node';
import { Target } from './Target';

/** Finds the files that databases are filled with. */
export interface SeedSource {
  /**
   * @param path - in the repository that the environment names, else in that of its service in the catalog
   * @throws SeedProblem that says what to add or to change
   */
  find(target: Target, path: string, signal: AbortSignal): Promise<Seed>;
}

/** A seed can't be found as it is asked for. A person has to change something. */
export class SeedProblem extends Error {
  readonly name = 'SeedProblem';
}
