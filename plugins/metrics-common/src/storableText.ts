/** Halves of characters, which no text in UTF-8 has. */
const HALF = /\p{Surrogate}/u;
const HALVES = /\p{Surrogate}/gu;
const NUL = '\0';
const REPLACEMENT = '\ufffd';

/** Whether every database takes a text: PostgreSQL takes neither the character NUL nor half of one. */
export function isStorable(text: string): boolean {
  return !text.includes(NUL) && !HALF.test(text);
}

/** A text as every database takes it, with a sign in place of each character that it does not. */
export function storableText(text: string): string {
  return isStorable(text)
    ? text
    : text.replaceAll(NUL, REPLACEMENT).replace(HALVES, REPLACEMENT);
}

/**
 * The beginning of a text, as every database takes it: without half of a character at its end.
 *
 * @param most - of its length, as JavaScript counts it
 */
export function cutText(text: string, most: number): string {
  return storableText(text.slice(0, most).replace(/[\ud800-\udbff]$/, ''));
}
