import { keySchema } from './value';

/** A key with its value, as a `.env` file has them. */
export interface DotEnvEntry {
  key: string;
  value: string;
}

const ASSIGNMENT =
  /^[^\S\n]*(?:export[^\S\n]+)?([^\s=#'"`]+)[^\S\n]*=[^\S\n]*(?:'([^']*)'|"([^"]*)"|`([^`]*)`|([^\n]*))[^\n]*$/gm;

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
 * What a `.env` file holds that `readDotEnv` leaves out, in sentences that quote none of it but names of keys.
 *
 * @returns nothing where all of it is read
 */
export function leftOutOfDotEnv(text: string): string[] {
  const whole = withNewlines(text);
  const counts = new Map<string, number>();
  for (const [, key] of whole.matchAll(ASSIGNMENT)) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const twice = [...counts].flatMap(([key, count]) =>
    count > 1 && keySchema.safeParse(key).success
      ? [`${key} stands there ${count} times; only the last one counts.`]
      : [],
  );
  const lines = whole
    // What was read goes, and its lines stay.
    .replace(ASSIGNMENT, match => match.replace(/[^\n]/g, ''))
    .split('\n')
    .flatMap((line, index) => (/^\s*(#.*)?$/.test(line) ? [] : [index + 1]));
  if (lines.length === 0) return twice;
  return [
    `${lines.length === 1 ? 'Line' : 'Lines'} ${lines.join(', ')} ${
      lines.length === 1 ? 'is' : 'are'
    } left out: not of the form KEY=value.`,
    ...twice,
  ];
}

function withNewlines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
