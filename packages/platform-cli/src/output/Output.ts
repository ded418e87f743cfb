import chalk from 'chalk';
import { CliError } from '../errors';
import { Hidden } from './Hidden';
import { printable } from './printable';

interface Stream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Where a command writes: answers on stdout, everything else on stderr. */
export class Output {
  readonly json: boolean;
  readonly paint: chalk.Chalk;
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  readonly #hidden = new Hidden();

  constructor(options: {
    stdout: Stream;
    stderr: Stream;
    json: boolean;
    color: boolean;
  }) {
    this.#stdout = options.stdout;
    this.#stderr = options.stderr;
    this.json = options.json;
    this.paint = new chalk.Instance({ level: options.color ? 1 : 0 });
  }

  /** Shows this value in no remark and no error any more, whoever says it. */
  hide(value: string): void {
    this.#hidden.add(value);
  }

  /** Goes on to show these words, which the command was given, also where a value is one of them. */
  given(...words: Array<string | undefined>): void {
    this.#hidden.give(words.flatMap(word => word ?? []));
  }

  /** Columns a line may have; a pipe has no end. */
  get width(): number {
    return this.#stdout.isTTY ? this.#stdout.columns ?? 80 : Infinity;
  }

  /** Whether lines that were written can be written over. */
  get live(): boolean {
    return Boolean(this.#stderr.isTTY) && !this.json;
  }

  /** Whether there is a person who can be asked. */
  get asks(): boolean {
    return Boolean(process.stdin.isTTY) && this.live;
  }

  /** The answer: as JSON where that was asked for, else in words. */
  answer(value: unknown, words: () => string): void {
    this.#stdout.write(
      this.json
        ? `${JSON.stringify(value, null, 2)}\n`
        : `${printable(words())}\n`,
    );
  }

  /** One of several in an answer that goes on: as JSON in a line of its own, for programs that read them one by one. */
  item(value: unknown, words: () => string): void {
    this.#stdout.write(
      `${this.json ? JSON.stringify(value) : printable(words())}\n`,
    );
  }

  /** The answer of a command that is to be kept as it is, such as a script for the shell or an export. */
  raw(text: string): void {
    this.#stdout.write(text);
  }

  /** A line about what is going on. */
  note(text: string): void {
    this.#stderr.write(`${printable(this.#hidden.shown(text))}\n`);
  }

  /** Text without a line's end, to move about on a terminal. */
  control(text: string): void {
    this.#stderr.write(text);
  }

  error(error: CliError): void {
    const lines = [`${this.paint.red('✖')} ${error.message}`];
    if (error.why) lines.push(`  ${error.why}`);
    if (error.fix) lines.push(`  → ${error.fix}`);
    if (error.runbook) {
      lines.push(`  Runbook: docs/runbooks/${error.runbook}.md`);
    }
    const text = this.#hidden.shown(lines.join('\n'));
    this.#stderr.write(`${printable(text)}\n`);
  }
}
