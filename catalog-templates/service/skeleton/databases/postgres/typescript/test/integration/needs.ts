/** Why the tests of the whole process cannot run here, or false. */
export const missing: string | false = process.env.DATABASE_URL
  ? false
  : 'DATABASE_URL is not set: `make up` starts a database, CI brings one';
