import { isUtf8 } from 'node:buffer';

/** One piece of a file of SQL. */
export type SqlPiece =
  | { kind: 'statement'; text: string; line: number }
  /** What follows `COPY … FROM stdin;`, line by line, until `\.` */
  | { kind: 'copy'; text: string; line: number; dataLine: number }
  | { kind: 'data'; data: Buffer }
  | { kind: 'end-of-data' };

/** A statement that is larger than this is none; the rows of COPY are not counted. */
const MOST_STATEMENT_BYTES = 64 * 1024 * 1024;

type State =
  | { in: 'plain' }
  | { in: 'string'; escapes: boolean }
  | { in: 'name' }
  | { in: 'dollar'; tag: string }
  | { in: 'line-comment' }
  | { in: 'comment'; depth: number };

const WORDS: Record<Exclude<State['in'], 'plain' | 'line-comment'>, string> = {
  string: 'string',
  name: 'quoted name',
  dollar: 'dollar-quoted string',
  comment: 'comment',
};

/** As many characters as say what a statement is. */
const HEAD = 200;
const COPY_IN = /^\s*copy\s[\s\S]*\sfrom\s+stdin\b/i;
const ROUTINE = /^\s*create\s+(or\s+replace\s+)?(function|procedure)\b/i;

/** Letters are more than those of ASCII, and "$" may stand in a name, though not at its beginning. */
const WORD = /[\w\u0080-\uffff][\w$\u0080-\uffff]*/y;

/** A file of SQL that can't be read as one. */
export class SqlSyntaxError extends Error {
  readonly name = 'SqlSyntaxError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Cuts SQL, as people write it and as pg_dump puts it out, into statements and the rows of COPY, while it is read. It
 * knows what a semicolon may stand in: strings, names, comments, dollar quotes, and bodies of functions
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html). Of psql's own commands it knows `\.`, and those that
 * dumps begin and end with.
 */
export class SqlSplitter {
  #state: State = { in: 'plain' };
  /** Of the statement that is being read, without the comments before it; put together once, since it may be long */
  #parts: string[] = [];
  #length = 0;
  /** Its beginning, by which it is told what it is */
  #head = '';
  #line = 1;
  #startLine = 1;
  #parentheses = 0;
  /** Depth of BEGIN ATOMIC and CASE in the body of a routine */
  #blocks = 0;
  #word = '';
  #wordBefore = '';
  #rows = false;
  #rest = Buffer.alloc(0);

  /** @throws SqlSyntaxError with the line */
  *push(chunk: Buffer): Generator<SqlPiece> {
    let at = 0;
    const all =
      this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = Buffer.alloc(0);
    while (at < all.length) {
      const end = all.indexOf(0x0a, at);
      if (this.#rows) {
        const stop = this.#endOfRows(all, at);
        const until = stop ? stop.at : all.lastIndexOf(0x0a) + 1;
        if (until > at) {
          const data = all.subarray(at, until);
          this.#line += countLines(data);
          yield { kind: 'data', data };
        }
        if (!stop) {
          this.#rest = all.subarray(Math.max(until, at));
          return;
        }
        this.#rows = false;
        this.#line += 1;
        at = stop.next;
        yield { kind: 'end-of-data' };
        continue;
      }
      if (end < 0) {
        this.#rest = all.subarray(at);
        if (this.#rest.length > MOST_STATEMENT_BYTES) throw this.#tooLong();
        return;
      }
      yield* this.#readLine(this.#decoded(all.subarray(at, end + 1)));
      at = end + 1;
    }
  }

  /** @throws SqlSyntaxError for a file that breaks off */
  *end(): Generator<SqlPiece> {
    if (this.#rows) {
      const last = this.#rest.toString('utf8').trimEnd();
      if (last !== '\\.') {
        throw new SqlSyntaxError(
          'The rows of this COPY do not end with "\\.".',
          this.#startLine,
        );
      }
      yield { kind: 'end-of-data' };
      return;
    }
    if (this.#rest.length > 0) {
      const last = this.#decoded(this.#rest);
      this.#rest = Buffer.alloc(0);
      yield* this.#readLine(`${last}\n`);
    }
    const state = this.#state.in;
    if (state !== 'plain' && state !== 'line-comment') {
      throw new SqlSyntaxError(
        `The file ends within a ${WORDS[state]} that begins in the statement of this line.`,
        this.#startLine,
      );
    }
    if (this.#length > 0) yield this.#take();
  }

  #decoded(bytes: Buffer): string {
    if (isUtf8(bytes)) return bytes.toString('utf8');
    throw new SqlSyntaxError(
      'There are letters here that are not UTF-8. Save the file as UTF-8, or dump it with --encoding=UTF8.',
      this.#line,
    );
  }

  /** Whole lines until the one that is `\.`; a line that is not whole yet stays. */
  #endOfRows(
    all: Buffer,
    from: number,
  ): { at: number; next: number } | undefined {
    for (let at = from; ; ) {
      const found = all.indexOf('\\.', at);
      if (found < 0) return undefined;
      const begins = found === from || all[found - 1] === 0x0a;
      const feed = all.indexOf(0x0a, found);
      if (begins && feed >= 0) {
        const rest = all.toString('latin1', found + 2, feed).trim();
        if (rest === '') return { at: found, next: feed + 1 };
      }
      at = found + 2;
    }
  }

  *#readLine(line: string): Generator<SqlPiece> {
    const command =
      this.#state.in === 'plain' && this.#length === 0
        ? /^\s*\\(\S*)/.exec(line)
        : undefined;
    if (command) {
      // pg_dump guards its files with these two since 17.6; they mean nothing to the server.
      if (!['restrict', 'unrestrict'].includes(command[1])) {
        throw new SqlSyntaxError(
          `"\\${command[1]}" is a command of psql, not SQL. Take it out of the file.`,
          this.#line,
        );
      }
      this.#line += 1;
      return;
    }
    for (let at = 0; at < line.length; ) {
      const next = this.#step(line, at);
      if (next.ends) {
        const piece = this.#take();
        if (piece.text.trim()) {
          if (COPY_IN.test(piece.text)) {
            this.#rows = true;
            this.#startLine = piece.line;
            this.#line += 1;
            yield { ...piece, kind: 'copy', dataLine: this.#line };
            if (line.slice(next.at).trim()) {
              throw new SqlSyntaxError(
                'Nothing may follow "COPY … FROM stdin;" on its line.',
                piece.line,
              );
            }
            return;
          }
          yield piece;
        }
      }
      at = next.at;
    }
    this.#line += 1;
    if (this.#length > MOST_STATEMENT_BYTES) throw this.#tooLong();
  }

  /** Reads one character, or as many as belong together. */
  #step(line: string, at: number): { at: number; ends?: boolean } {
    const state = this.#state;
    const two = line.slice(at, at + 2);
    const one = line[at];
    const go = (length: number, next: State = state) => {
      this.#state = next;
      this.#add(line.slice(at, at + length));
      return { at: at + length };
    };
    switch (state.in) {
      case 'string':
        if (state.escapes && one === '\\') return go(2);
        if (two === "''") return go(2);
        if (one === "'") return go(1, { in: 'plain' });
        return go(distanceTo(line, at, state.escapes ? ["'", '\\'] : ["'"]));
      case 'name':
        if (two === '""') return go(2);
        if (one === '"') return go(1, { in: 'plain' });
        return go(distanceTo(line, at, ['"']));
      case 'dollar':
        return line.startsWith(state.tag, at)
          ? go(state.tag.length, { in: 'plain' })
          : go(distanceTo(line, at, ['$']));
      case 'line-comment':
        return one === '\n' ? go(1, { in: 'plain' }) : { at: at + 1 };
      case 'comment': {
        if (two === '/*') return this.#comment(at, state.depth + 1);
        if (two === '*/') return this.#comment(at, state.depth - 1);
        // The server counts the lines of the statement; without this they would be fewer than the file's.
        if (one === '\n') this.#add('\n');
        return { at: at + 1 };
      }
      default:
        return this.#plain(line, at, go);
    }
  }

  #plain(
    line: string,
    at: number,
    go: (length: number, next?: State) => { at: number },
  ): { at: number; ends?: boolean } {
    const two = line.slice(at, at + 2);
    const one = line[at];
    const letters = wordAt(line, at);
    if (letters > 0) {
      this.#word += line.slice(at, at + letters);
      return go(letters);
    }
    const word = this.#word;
    this.#endWord();
    if (two === '--') {
      this.#state = { in: 'line-comment' };
      return { at: at + 2 };
    }
    if (two === '/*') return this.#comment(at, 1);
    if (one === "'") {
      return go(1, { in: 'string', escapes: /^e$/i.test(word) });
    }
    if (one === '"') return go(1, { in: 'name' });
    if (one === '$' && word === '') {
      const tag = /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(
        line.slice(at),
      );
      if (tag) return go(tag[0].length, { in: 'dollar', tag: tag[0] });
    }
    if (one === '(') this.#parentheses += 1;
    if (one === ')') this.#parentheses -= 1;
    if (one === ';' && this.#parentheses <= 0 && this.#blocks === 0) {
      return { at: at + 1, ends: true };
    }
    return go(1);
  }

  #comment(at: number, depth: number): { at: number } {
    this.#state = depth > 0 ? { in: 'comment', depth } : { in: 'plain' };
    // A comment parts words as a space does.
    if (depth === 0) this.#add(' ');
    return { at: at + 2 };
  }

  /** Semicolons within BEGIN ATOMIC … END do not end a routine's statement. */
  #endWord(): void {
    const word = this.#word.toLowerCase();
    if (!word) return;
    const before = this.#wordBefore;
    this.#word = '';
    this.#wordBefore = word;
    if (!ROUTINE.test(this.#head)) return;
    if (this.#blocks === 0) {
      // A parameter may be called "begin", and so may the routine.
      const begins = before === 'begin' && word === 'atomic';
      if (begins && this.#parentheses === 0) this.#blocks = 1;
    } else if (word === 'case') {
      this.#blocks += 1;
    } else if (word === 'end') {
      this.#blocks -= 1;
    }
  }

  #add(text: string): void {
    if (this.#length === 0) {
      if (!text.trim()) return;
      this.#startLine = this.#line;
    }
    this.#parts.push(text);
    this.#length += text.length;
    if (this.#head.length < HEAD) this.#head += text;
  }

  #take(): { kind: 'statement'; text: string; line: number } {
    const piece = {
      kind: 'statement' as const,
      text: this.#parts.join(''),
      line: this.#startLine,
    };
    this.#parts = [];
    this.#length = 0;
    this.#head = '';
    this.#word = '';
    this.#wordBefore = '';
    this.#parentheses = 0;
    this.#blocks = 0;
    return piece;
  }

  #tooLong(): SqlSyntaxError {
    return new SqlSyntaxError(
      `The statement that begins here does not end within ${MOST_STATEMENT_BYTES} bytes.`,
      this.#startLine,
    );
  }
}

/** How many characters of a word stand there. */
function wordAt(line: string, at: number): number {
  WORD.lastIndex = at;
  return WORD.exec(line)?.[0].length ?? 0;
}

/** How far it is to the next of these characters after this one, or to the line's end. */
function distanceTo(line: string, at: number, stops: string[]): number {
  const found = stops
    .map(stop => line.indexOf(stop, at + 1))
    .filter(place => place >= 0);
  return Math.min(line.length, ...found) - at;
}

function countLines(data: Buffer): number {
  let lines = 0;
  for (let at = data.indexOf(0x0a); at >= 0; at = data.indexOf(0x0a, at + 1)) {
    lines += 1;
  }
  return lines;
}
