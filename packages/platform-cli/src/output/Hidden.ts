import { printable } from './printable';

const NOT_SHOWN = '(not shown: it holds a value that was sent)';
/** Shorter than this, something would be taken for a part of most texts. */
const LEAST = 4;

/** Values that a command sends, so that nothing that comes back with one in it is shown. */
export class Hidden {
  readonly #forms = new Set<string>();

  /** @param value - as it was given: of several lines, each counts by itself too */
  add(value: string): void {
    for (const text of [value, ...value.split(/\r?\n/)]) {
      if (text.length < LEAST) this.#add(`"${text}"`);
      else for (const form of formsOf(text)) this.#add(form);
    }
  }

  /** The text with a remark in place of each line that holds one of them, also in the forms in which it is passed on. */
  shown(text: string): string {
    if (this.#forms.size === 0) return text;
    const whole = this.#holdsOne(text);
    const lines = text.split('\n');
    const kept = lines.map(line => (this.#holdsOne(line) ? NOT_SHOWN : line));
    // One that goes over several lines, of which none is told by itself.
    return whole && kept.every((line, at) => line === lines[at])
      ? NOT_SHOWN
      : kept.join('\n');
  }

  #add(form: string): void {
    if (form.trim()) this.#forms.add(form).add(printable(form));
  }

  #holdsOne(text: string): boolean {
    return [...this.#forms].some(form => text.includes(form));
  }
}

/** As it is, within JSON and within JSON in JSON; each of these also in an address, in hexadecimal digits and in base64. */
function formsOf(text: string): string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  const plain = [text, inJson, JSON.stringify(inJson).slice(1, -1)];
  return plain.flatMap(one => [
    one,
    encodeURIComponent(wellFormed(one)),
    Buffer.from(one).toString('hex'),
    ...inBase64(one),
  ]);
}

/** Wherever in what is encoded it begins: only what no neighbour has a part in. */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap(before => {
    const bytes = Buffer.from(`${'.'.repeat(before)}${text}`);
    const own = bytes.toString('base64').slice(before && 4, -4);
    if (own.length < 2 * LEAST) return [];
    return [own, own.replace(/\+/g, '-').replace(/\//g, '_')];
  });
}

/** Halves of characters cannot stand in an address. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
