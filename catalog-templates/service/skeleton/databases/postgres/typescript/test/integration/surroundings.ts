import { createScratchDatabase } from './scratch-database.ts';

/** Why the tests of the whole process cannot run here, or false. */
export const missing: string | false = process.env.DATABASE_URL
  ? false
  : 'DATABASE_URL is not set: `make up` starts a database, CI brings one';

/** What a process needs around it, made for one test. */
export interface Surroundings {
  env: Record<string, string>;
  remove(): Promise<void>;
}

export async function provideSurroundings(): Promise<Surroundings> {
  const database = await createScratchDatabase();
  return { env: { DATABASE_URL: database.url }, remove: () => database.drop() };
}
