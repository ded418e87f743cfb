import {
  AppliedSeed,
  Seed,
  SeedRefusedError,
} from '@highroad/plugin-environments-node';
import { Client, DatabaseError, QueryConfig } from 'pg';
import { z } from 'zod';
import { CopyIn } from './CopyIn';
import { meaningOf } from './meaning';
import { SqlPiece, SqlSplitter, SqlSyntaxError } from './SqlSplitter';

/** Where a database says what it was filled with. */
const MARKS = 'highroad_seed';

const markSchema = z.object({
  path: z.string(),
  repository: z.string(),
  commit: z.string(),
  size: z.coerce.number(),
  applied_at: z.coerce.date(),
});

const transactionSchema = z.object({ id: z.string() });

/** The database will not have a statement. */
class StatementError extends Error {
  readonly name = 'StatementError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Classes of errors that are the server's state, not the statement's fault: SQLSTATE, appendix A of PostgreSQL's manual. */
const PASSING = ['08', '40', '53', '57', '58'];

class PieceRunner {
  readonly #client: Client;
  #copy: { into: CopyIn; dataLine: number } | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  async run(piece: SqlPiece): Promise<void> {
    switch (piece.kind) {
      case 'copy': {
        const into = this.#client.query(new CopyIn(piece.text));
        this.#copy = { into, dataLine: piece.dataLine };
        return;
      }
      case 'data':
        await this.#rows(copy => copy.write(piece.data));
        return;
      case 'end-of-data':
        await this.#rows(copy => copy.end());
        this.#copy = undefined;
        return;
      default: {
        const meaning = meaningOf(piece.text);
        if (meaning.kind === 'skip') return;
        if (meaning.kind === 'refuse') {
          throw new StatementError(meaning.why, piece.line);
        }
        // Where the server reads more than one statement in it, it refuses them: one of them might end the transaction.
        const one: QueryConfig & { queryMode: 'extended' } = {
          ...{ text: piece.text, queryMode: 'extended' },
        };
        await this.#client.query(one).catch(error => {
          throw asStatementError(error, lineIn(piece, error));
        });
      }
    }
  }

  async #rows(work: (copy: CopyIn) => Promise<void>): Promise<void> {
    const copy = this.#copy;
    if (!copy) throw new Error('There are rows without a COPY.');
    try {
      await work(copy.into);
    } catch (error) {
      throw asStatementError(error, rowLine(copy.dataLine, error));
    }
  }
}

function asStatementError(error: unknown, line: number): unknown {
  if (!(error instanceof DatabaseError)) return error;
  if (PASSING.includes(error.code?.slice(0, 2) ?? '')) return error;
  const hint = error.hint ? ` ${error.hint}` : '';
  return new StatementError(`${error.message}.${hint}`, line);
}

/** The line within the statement that the server points at, as a line of the file. */
function lineIn(piece: { text: string; line: number }, error: unknown): number {
  const position =
    error instanceof DatabaseError ? Number(error.position ?? 0) : 0;
  if (!position) return piece.line;
  return piece.line + piece.text.slice(0, position - 1).split('\n').length - 1;
}

/** "COPY products, line 3, column price: …" counts from the first row. */
function rowLine(dataLine: number, error: unknown): number {
  const where = error instanceof DatabaseError ? error.where ?? '' : '';
  const row = /\bline (\d+)/.exec(where);
  return row ? dataLine + Number(row[1]) - 1 : dataLine - 1;
}

/** @returns undefined for a database that was not seeded */
export async function readMark(
  client: Client,
): Promise<AppliedSeed | undefined> {
  const there = await client.query(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = '${MARKS}' AND table_name = 'applied'`,
  );
  if (there.rowCount === 0) return undefined;
  const { rows } = await client.query(
    `SELECT path, repository, commit, size, applied_at FROM ${MARKS}.applied`,
  );
  if (rows.length === 0) return undefined;
  const { applied_at: appliedAt, ...seed } = markSchema.parse(rows[0]);
  return { ...seed, appliedAt };
}

/**
 * Fills a database, whole or not at all: the statements, and the mark that says so, are one transaction.
 *
 * @param client - connected as the environment's own role, and used for nothing else
 * @throws SeedRefusedError with the line of the statement that the database will not have
 */
export async function applySeed(
  client: Client,
  seed: Seed,
  options: {
    signal: AbortSignal;
    onProgress(doneBytes: number): void;
  },
): Promise<AppliedSeed> {
  const { signal, onProgress } = options;
  await client.query('BEGIN');
  try {
    // Two who try at once are one after the other; the second finds the mark.
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('${MARKS}'))`);
    const before = await readMark(client);
    if (before) {
      await client.query('ROLLBACK');
      return before;
    }
    const begun = await transactionOf(client);
    const splitter = new SqlSplitter();
    const runner = new PieceRunner(client);
    let done = 0;
    for await (const chunk of seed.open(signal)) {
      signal.throwIfAborted();
      for (const piece of splitter.push(chunk)) await runner.run(piece);
      done += chunk.length;
      onProgress(done);
    }
    for (const piece of splitter.end()) await runner.run(piece);
    signal.throwIfAborted();
    if ((await transactionOf(client)) !== begun) {
      throw new SeedRefusedError(
        `${seed.path} ends the transaction that it is applied in. What it did before that was kept: take the statement out, and create the environment anew.`,
      );
    }
    const applied = await mark(client, seed);
    await client.query('COMMIT');
    return applied;
  } catch (error) {
    if (error instanceof SqlSyntaxError || error instanceof StatementError) {
      throw new SeedRefusedError(
        `${seed.path}, line ${error.line}: ${error.message}`,
        error.line,
      );
    }
    throw error;
  }
}

/** @returns what tells it from any other; one is begun for this question alone where there is none */
async function transactionOf(client: Client): Promise<string> {
  const { rows } = await client.query<object>(
    'SELECT pg_catalog.txid_current()::text AS id',
  );
  return transactionSchema.parse(rows[0]).id;
}

async function mark(client: Client, seed: Seed): Promise<AppliedSeed> {
  // A dump may have changed where names are looked up, and who speaks.
  await client.query(
    `RESET ROLE; CREATE SCHEMA ${MARKS};
     CREATE TABLE ${MARKS}.applied (
       path text NOT NULL, repository text NOT NULL, commit text NOT NULL, size bigint NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now(),
       only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one)
     )`,
  );
  await client.query(
    `INSERT INTO ${MARKS}.applied (path, repository, commit, size) VALUES ($1, $2, $3, $4)`,
    [seed.path, seed.repository, seed.commit, seed.size],
  );
  const applied = await readMark(client);
  if (!applied) throw new Error('The seed’s mark was not kept.');
  return applied;
}
