import { z } from 'zod';

const SHOWN = '[secret]';

/**
 * A value that is never written down by accident: printed, logged, put into JSON or into text, it says `[secret]`.
 * Only {@link SecretValue.reveal} gives it out, so that each place where it leaves can be found by that word.
 *
 * It is no `JsonValue`, so the compiler refuses it where records, events and answers are made.
 */
export class SecretValue {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. For the one who stores it or was allowed to read it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [Symbol.toPrimitive](): string {
    return SHOWN;
  }

  /** What Node prints, in logs and in errors. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN;
  }
}

/** Reads text and marks it as secret at once, so that no later step holds it unmarked. */
export function secretText(
  text: z.ZodString = z.string(),
): z.ZodEffects<z.ZodString, SecretValue, string> {
  return text.transform(value => new SecretValue(value));
}
