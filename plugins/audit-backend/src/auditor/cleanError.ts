import { isError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { cleanMeta, cleanText } from './cleanMeta';

const MAX_NAME = 100;
const MAX_MESSAGE = 1_000;

/** An error as it may be recorded. */
export interface CleanError {
  name: string;
  message: string;
  /** Which of its parts were marked as secret, and were left out */
  secrets: string[];
}

/**
 * Says what went wrong, whatever it is that was thrown: libraries also throw text, nothing, and errors whose message is
 * an object. Never throws.
 */
export function cleanError(thrown: unknown): CleanError {
  const isObject = typeof thrown === 'object' && thrown !== null;
  const name = cleanPart(() =>
    isObject ? Reflect.get(thrown, 'name') : undefined,
  );
  const message = cleanPart(() =>
    isObject ? Reflect.get(thrown, 'message') : thrown,
  );
  return {
    name: cleanText(name.text || 'Error', MAX_NAME),
    message: cleanText(
      message.text ?? 'It was not said what went wrong.',
      MAX_MESSAGE,
    ),
    secrets: [
      ...(name.isSecret ? ['error.name'] : []),
      ...(message.isSecret ? ['error.message'] : []),
    ],
  };
}

/** What was thrown, as something that can be logged. */
export function asError(thrown: unknown): Error {
  if (isError(thrown)) return thrown;
  const { name, message } = cleanError(thrown);
  return Object.assign(new Error(message), { name });
}

function cleanPart(read: () => unknown): { text?: string; isSecret: boolean } {
  try {
    const { meta, secrets } = cleanMeta({ part: read() });
    const text = asText(meta.part ?? meta.cut);
    return { text, isSecret: secrets.length > 0 };
  } catch {
    // A getter of somebody's own may do anything.
    return { text: '[unreadable]', isSecret: false };
  }
}

function asText(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
