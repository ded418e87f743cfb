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
  for (const match of text.replace(/\r\n?/g, '\n').matchAll(ASSIGNMENT)) {
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
