/** Why the tests of the whole process cannot run here, or false. */
export const missing: string | false = false;

/** What a process needs around it, made for one test. */
export interface Surroundings {
  env: Record<string, string>;
  remove(): Promise<void>;
}

export async function provideSurroundings(): Promise<Surroundings> {
  return { env: {}, remove: async () => {} };
}
