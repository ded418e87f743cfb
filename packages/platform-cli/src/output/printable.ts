/** Turns the direction of reading, so that a text reads as another one. */
const DIRECTIONS = '\\u202a-\\u202e\\u2066-\\u2069';
const IN_ONE_LINE = new RegExp(
  `[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029${DIRECTIONS}]+`,
  'g',
);
const IN_LINES = new RegExp(
  `\\u001b(?!\\[[0-9;]*m)|[\\u0000-\\u0008\\u000b-\\u001a\\u001c-\\u001f\\u007f-\\u009f${DIRECTIONS}]`,
  'g',
);

/** Text of others as it may stand in a line among others. */
export function inOneLine(text = ''): string {
  return text.replace(IN_ONE_LINE, ' ');
}

/**
 * Lines as they may be printed, whoever wrote what they say: line ends, tabs and colours stay. What moves the cursor or
 * speaks to the terminal is left out.
 */
export function printable(lines: string): string {
  return lines.replace(IN_LINES, '');
}
