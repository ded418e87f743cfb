/** What becomes of a statement of a seed. */
export type Meaning =
  | { kind: 'run' }
  /** It would only say what is so anyway */
  | { kind: 'skip' }
  | { kind: 'refuse'; why: string };

/** A seed is one transaction: these would end it, or begin what is begun. */
const BEGINS = /^(begin|start\s+transaction|commit|end)\b/i;
const ENDS = /^(rollback|abort|prepare\s+transaction|savepoint|release)\b/i;
/** Everything belongs to the environment's own role; roles of the database that was dumped are not there. */
const OWNERSHIP =
  /^(grant|revoke|alter\s+default\s+privileges|set\s+session\s+authorization|reassign\s+owned)\b/i;
const OWNER = /^alter\s[\s\S]*\sowner\s+to\s+("(?:[^"]|"")+"|\S+)\s*$/i;
const STRING = /'(?:[^']|'')*'/g;
const COMMENT_ON_EXTENSION = /^comment\s+on\s+extension\b/i;

/** How long a seed may take is not for the dump to say; pg_dump takes all limits away. */
const LIMITS =
  /^set\s+(session\s+|local\s+)?(statement_timeout|lock_timeout|idle_in_transaction_session_timeout|transaction_timeout)\b/i;

/** What is sent is UTF-8, whatever was dumped. */
const ENCODING =
  /^set\s+(?:session\s+|local\s+)?client_encoding\s*(?:=|to)\s*'?([\w-]+)'?\s*$/i;
const UTF8 = /^(utf-?8|unicode|default)$/i;

/** @param statement - without its semicolon */
export function meaningOf(statement: string): Meaning {
  const text = statement.trim();
  if (BEGINS.test(text)) return { kind: 'skip' };
  if (OWNERSHIP.test(text)) return { kind: 'skip' };
  if (OWNER.test(text.replace(STRING, "''"))) return { kind: 'skip' };
  if (COMMENT_ON_EXTENSION.test(text)) return { kind: 'skip' };
  if (LIMITS.test(text)) return { kind: 'skip' };
  if (ENDS.test(text)) {
    return {
      kind: 'refuse',
      why: 'A seed is applied whole or not at all, in one transaction, so it may not have one of its own.',
    };
  }
  const encoding = ENCODING.exec(text)?.[1];
  if (encoding && !UTF8.test(encoding)) {
    return {
      kind: 'refuse',
      why: `A seed is read as UTF-8, and this one is ${encoding}. Dump it with --encoding=UTF8.`,
    };
  }
  if (/^(create|drop|alter)\s+database\b/i.test(text)) {
    return {
      kind: 'refuse',
      why: 'The database is made already. Dump it without --create.',
    };
  }
  return { kind: 'run' };
}
