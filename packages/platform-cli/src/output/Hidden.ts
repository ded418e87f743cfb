import { printable } from './printable';

const NOT_SHOWN = '(…)';
/** Shorter than this, something is taken for a value only where it stands in quotes, behind "=" or alone: it may be any word. */
const LEAST = 8;
/** So many characters of base64 tell something from everything else. */
const LEAST_ENCODED = 8;

/** Values that a command sends, so that nothing that comes back is shown with one in it. */
export class Hidden {
  readonly #values = new Set<string>();
  readonly #given = new Set<string>();

  /** @param value - as it was given: of several lines, each counts by itself too */
  add(value: string): void {
    for (const text of [value, ...value.split(/\r?\n/)]) {
      if (text.trim()) this.#values.add(text);
    }
  }

  /** Words that the command was given beside the values, such as an environment: to show these tells nobody anything. */
  give(words: string[]): void {
    for (const word of words) this.#given.add(word);
  }

  /** The text with a remark in place of each of them, also in the forms in which they are passed on. */
  shown(text: string): string {
    const given = [...this.#given];
    return (
      [...this.#values]
        .filter(value => !given.some(word => word.includes(value)))
        .flatMap(value => (value.length < LEAST ? shortForms : formsOf)(value))
        // What is a part of another one would leave the rest of that.
        .sort((a, b) => b.length - a.length)
        .reduce((kept, { hide }) => hide(kept), text)
    );
  }
}

/** One way in which a value may be written. */
interface Form {
  /** In characters */
  length: number;
  /** Puts the remark in its place, wherever it stands in a text. */
  hide(text: string): string;
}

/** In quotes, also those of JSON in JSON, behind "=", or as all that stands in a line. */
function shortForms(value: string): Form[] {
  return written(value).map(form => {
    const text = form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    const places = [
      new RegExp(`((\\\\*["'\`])${text})(?=\\2)`, 'g'),
      new RegExp(`(=${text})(?=$|[\\s&;,"'\`\\\\])`, 'gm'),
      new RegExp(`(^[^\\S\\n]*${text})(?=[^\\S\\n]*$)`, 'gm'),
    ];
    return {
      length: form.length,
      hide: within =>
        places.reduce(
          (kept, place) =>
            kept.replace(
              place,
              (_, found: string) => found.slice(0, -form.length) + NOT_SHOWN,
            ),
          within,
        ),
    };
  });
}

/** As it is, within JSON and within JSON in JSON; each of these also in an address, in hexadecimal digits and in base64. */
function formsOf(value: string): Form[] {
  return written(value).flatMap(one => [
    ...[
      one,
      encodeURIComponent(wellFormed(one)),
      Buffer.from(one).toString('hex'),
    ].map(form => ({
      length: form.length,
      hide: (text: string) => text.replaceAll(form, NOT_SHOWN),
    })),
    ...inBase64(one).map(form => ({
      length: form.length,
      hide: (text: string) => withoutEncoded(text, form),
    })),
  ]);
}

function written(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  const plain = [value, inJson, JSON.stringify(inJson).slice(1, -1)];
  return [...new Set(plain.flatMap(one => [one, printable(one)]))].filter(one =>
    one.trim(),
  );
}

/** Wherever in what is encoded it begins: only what no neighbour has a part in. */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap(before => {
    const bytes = Buffer.from(`${'.'.repeat(before)}${text}`);
    const own = bytes.toString('base64').slice(before && 4, -4);
    if (own.length < LEAST_ENCODED) return [];
    return [own, own.replace(/\+/g, '-').replace(/\//g, '_')];
  });
}

/** All that is encoded together with it goes too, since its ends are in there. */
function withoutEncoded(text: string, form: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const at = text.indexOf(form, from);
    if (at < 0) return kept.join('') + text.slice(from);
    let [start, end] = [at, at + form.length];
    while (start > from && isEncoded(text[start - 1])) start--;
    while (end < text.length && isEncoded(text[end])) end++;
    kept.push(text.slice(from, start), NOT_SHOWN);
    from = end;
  }
}

function isEncoded(character: string): boolean {
  return /[\w+/=-]/.test(character);
}

/** Halves of characters cannot stand in an address. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
