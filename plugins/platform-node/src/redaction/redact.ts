import { stripVTControlCharacters } from 'node:util';

/** What stands in the place of what was taken out. */
export const REDACTED = '[redacted]';
/** What is longer is cut. */
const LONGEST_LINE = 500;

/** Names after which a value follows that nobody is to see. */
const NAMES =
  'pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|client[-_]?secret|credentials?|authorization|cookie|session[-_]?id|connection[-_]?string|dsn';

/** What looks like a secret, with what is put in its place. */
const PATTERNS: Array<[RegExp, string]> = [
  // The user and password of an address, but for one that is an example
  [/(\b[a-z][\w+.-]*:\/\/)(?!\w+:…@)[^\s/@]+@/gi, `$1${REDACTED}@`],
  // Behind "token", a word without a digit is one of a sentence.
  [
    /\b(bearer|basic|token(?=\s+[\w+/=.~-]*\d))\s+[\w+/=.~-]{8,}/gi,
    `$1 ${REDACTED}`,
  ],
  // JSON Web Tokens
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.?[\w-]*/g, REDACTED],
  // Keys that tell by their beginning whose they are
  [
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b(?:gh[pousr]|glpat|xox[abeprs]|hv[sbr]|s\.|sk|pk|rk|npm|dop)[_.-][\w-]{16,}/g,
    REDACTED,
  ],
  // What was taken out already is a whole, also where more of the value follows.
  [
    new RegExp(
      `(["']?[\\w.-]*(?:${NAMES})[\\w.-]*["']?\\s*(?:=>|[:=])\\s*)("(?:[^"\\\\]|\\\\.)*"?|'(?:[^'\\\\]|\\\\.)*'?|(?:\\[redacted\\]|[^\\s,;&}\\]])+)`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
];
const KEY_BLOCK = {
  begin: /-----BEGIN [\w ]+-----/,
  end: /-----END [\w ]+-----/,
};
// What does not print, but for tabs
const CONTROL = /(?!\t)\p{Cc}/gu;

/**
 * Takes out of lines what looks like a secret. It is a net and not a wall: what a program must not tell, it must not
 * print.
 */
export function redact(lines: string[]): string[] {
  let inKey = false;
  return lines.map(line => {
    const wasInKey = inKey;
    if (KEY_BLOCK.begin.test(line)) inKey = true;
    if (KEY_BLOCK.end.test(line)) inKey = false;
    if (wasInKey || KEY_BLOCK.begin.test(line)) return REDACTED;
    return redactText(line);
  });
}

/** The same for one piece of text, such as a message of an event. */
export function redactText(text: string): string {
  const plain = stripVTControlCharacters(text).replace(CONTROL, '');
  // Cut first: a line without an end must not be searched without an end.
  const short =
    plain.length > LONGEST_LINE ? `${plain.slice(0, LONGEST_LINE)}…` : plain;
  return PATTERNS.reduce(
    (told, [pattern, shown]) => told.replace(pattern, shown),
    short,
  );
}
