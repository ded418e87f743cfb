import { keySchema } from './value';

/** A key with its value, as a `.env` file has them. */
export interface DotEnvEntry {
  key: string;
  value: string;
}

const ASSIGNMENT =
  /^[^\S\n]*(?:export[^\S\n]+)?([^\s=#'"`]+)[^\S\n]*=[^\S\n]*(?:'([^']*)'|"([^"]*)"|`([^`]*)`|([^\n]*))([^\n]*)$/gm;

/**
 * Reads a `.env` file as Node's own parser does: comments, `export`, quotes, values of several lines in quotes, `\n` in
 * double ones. What is no assignment is left out. Of a key that stands there twice the last value counts.
 */
export function readDotEnv(text: string): DotEnvEntry[] {
  const entries = new Map<string, string>();
  for (const match of withNewlines(text).matchAll(ASSIGNMENT)) {
    const [, key, single, double, backtick, bare] = match;
    const value =
      single ??
      double?.replace(/\\n/g, '\n') ??
      backtick ??
      bare.replace(/#.*$/, '').trim();
    entries.set(key, value);
  }
  return [...entries].map(([key, value]) => ({ key, value }));
}

/**
 * Keys of a `.env` file whose value `readDotEnv` may have cut: it stands in no quotes, and has a "#" with no space before it,
 * which begins a comment for some programs and belongs to the value for others; or it goes on behind its closing quotation mark,
 * as for a shell. Such a key is better not kept, since the rest of its value would be lost with the file.
 *
 * @returns by key, what is wrong and what to do, in words that quote no value; the first line of each counts
 */
export function cutInDotEnv(text: string): Map<string, string> {
  const whole = withNewlines(text);
  const cut = new Map<string, string>();
  let line = 1;
  let counted = 0;
  for (const match of whole.matchAll(ASSIGNMENT)) {
    const [assignment, key, , , , bare, rest] = match;
    line += whole.slice(counted, match.index).split('\n').length - 1;
    counted = match.index;
    const runsInto = bare !== undefined && /^[^#]*[^#\s]#/.test(assignment);
    const goesOn = bare === undefined && !/^\s*(#|$)/.test(rest);
    if (cut.has(key)) continue;
    if (runsInto) {
      cut.set(
        key,
        `line ${line} has a "#" in a value without quotes; put the value in quotes if the "#" belongs to it, or a space before a "#" that begins a comment`,
      );
    } else if (goesOn) {
      cut.set(
        key,
        `the value that begins in line ${line} goes on behind its closing quotation mark; put all of it in one pair of quotes, or a "#" before what is a comment`,
      );
    }
  }
  return cut;
}

/**
 * What a `.env` file holds that `readDotEnv` leaves out, or may not read as it is meant, in sentences that quote none of it but
 * names of keys.
 *
 * @returns nothing where all of it is read, and plain
 */
export function leftOutOfDotEnv(text: string): string[] {
  const whole = withNewlines(text);
  const counts = new Map<string, number>();
  const open = new Set<string>();
  for (const [, key, , , , bare] of whole.matchAll(ASSIGNMENT)) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (/^['"`]/.test(bare ?? '')) open.add(key);
    else open.delete(key);
  }
  const isKey = (key: string) => keySchema.safeParse(key).success;
  const twice = [...counts].flatMap(([key, count]) =>
    count > 1 && isKey(key)
      ? [`${key} stands there ${count} times; only the last one counts.`]
      : [],
  );
  const unclosed = [...open]
    .filter(isKey)
    .map(
      key =>
        `${key} begins with a quotation mark that is closed nowhere: its value is that line, with the mark.`,
    );
  const lines = whole
    // What was read goes, and its lines stay.
    .replace(ASSIGNMENT, match => match.replace(/[^\n]/g, ''))
    .split('\n')
    .flatMap((line, index) => (/^\s*(#.*)?$/.test(line) ? [] : [index + 1]));
  const notes = [...unclosed, ...twice];
  if (lines.length === 0) return notes;
  return [
    `${lines.length === 1 ? 'Line' : 'Lines'} ${lines.join(', ')} ${
      lines.length === 1 ? 'is' : 'are'
    } left out: not of the form KEY=value.`,
    ...notes,
  ];
}

function withNewlines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
