/** Why the tests of the whole process cannot run here, or false. */
export const missing: string | false = false;
