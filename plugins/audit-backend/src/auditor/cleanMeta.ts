import { JsonObject, JsonValue } from '@backstage/types';
import { SecretValue } from '@highroad/plugin-platform-common';

const MAX_DEPTH = 8;
const MAX_BYTES = 16_384;
const MAX_TEXT = 4_096;
const MAX_ITEMS = 200;
const SECRET = '[secret]';

/** Meta as it may be recorded. */
export interface CleanMeta {
  meta: JsonObject;
  /** Where values marked as secret were, and were left out */
  secrets: string[];
}

/** Text as it may be recorded: without control characters and halves of characters, and not longer than that. */
export function cleanText(text: string, length: number = MAX_TEXT): string {
  const plain = text
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
  return plain.length <= length
    ? plain
    : `${plain.slice(0, length - 1).replace(/\p{Surrogate}$/u, '')}…`;
}

/** The same in one line, for names: nobody can make a name look like a record of its own. */
export function cleanName(text: string, length: number): string {
  return cleanText(text.replace(/\s+/g, ' '), length);
}

class Cleaner {
  readonly secrets: string[] = [];
  readonly #above = new Set<object>();

  clean(value: unknown, path: string, depth: number): JsonValue | undefined {
    switch (typeof value) {
      case 'string':
        return cleanText(value);
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'bigint':
        return String(value);
      case 'object':
        return value === null ? null : this.#object(value, path, depth);
      default:
        return undefined;
    }
  }

  #object(value: object, path: string, depth: number): JsonValue {
    if (isSecret(value)) {
      this.secrets.push(path);
      return SECRET;
    }
    if (value instanceof Date) {
      return Number.isNaN(value.getTime()) ? null : value.toISOString();
    }
    if (depth >= MAX_DEPTH) return '[too deep]';
    if (this.#above.has(value)) return '[circular]';
    this.#above.add(value);
    try {
      return Array.isArray(value)
        ? this.#list(value, path, depth)
        : this.#fields(value, path, depth);
    } finally {
      this.#above.delete(value);
    }
  }

  #list(values: unknown[], path: string, depth: number): JsonValue {
    const list: JsonValue[] = values
      .slice(0, MAX_ITEMS)
      .map((item, at) => this.clean(item, `${path}[${at}]`, depth + 1) ?? null);
    if (values.length > MAX_ITEMS) {
      list.push(`[${values.length - MAX_ITEMS} more]`);
    }
    return list;
  }

  #fields(value: object, path: string, depth: number): JsonValue {
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      // Whatever it is, it may hold anything.
      return `[${cleanText(String(prototype.constructor?.name), 60)}]`;
    }
    const all = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(
      ([, { enumerable }]) => enumerable,
    );
    const fields = all.slice(0, MAX_ITEMS).flatMap(([name, property]) => {
      const clean = this.clean(
        'value' in property ? property.value : '[computed]',
        `${path}.${name}`,
        depth + 1,
      );
      return clean === undefined ? [] : [[cleanText(name, 200), clean]];
    });
    if (all.length > MAX_ITEMS) fields.push(['…', `[${all.length} fields]`]);
    return Object.fromEntries(fields);
  }
}

/**
 * Makes whatever a caller hands over into JSON of bounded size, without values marked as secret and without control
 * characters. Nothing that is handed over is executed: no `toJSON`, no getter.
 */
export function cleanMeta(meta: unknown): CleanMeta {
  const cleaner = new Cleaner();
  const clean = cleaner.clean(meta, 'meta', 0);
  const { secrets } = cleaner;
  const object = isObject(clean) ? clean : {};
  const bytes = Buffer.byteLength(JSON.stringify(object));
  if (bytes <= MAX_BYTES) return { meta: object, secrets };
  return { meta: cut(object, bytes), secrets };
}

/** Also one of another copy of that class, of which `instanceof` knows nothing. */
function isSecret(value: object): boolean {
  return (
    value instanceof SecretValue ||
    ('reveal' in value && typeof value.reveal === 'function')
  );
}

/** Keeps whole fields from the first on while they fit, and says that there was more. */
function cut(object: JsonObject, bytes: number): JsonObject {
  const kept: JsonObject = {};
  let size = 200;
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    const length = Buffer.byteLength(JSON.stringify({ [name]: value }));
    if (size + length > MAX_BYTES) {
      dropped.push(name);
      continue;
    }
    size += length;
    kept[name] = value;
  }
  return {
    ...kept,
    cut: `${bytes} bytes were given, of which ${MAX_BYTES} are kept. Left out: ${cleanText(
      dropped.join(', '),
      120,
    )}`,
  };
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
