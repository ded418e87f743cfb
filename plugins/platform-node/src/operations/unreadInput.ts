import { InputError } from '@backstage/errors';
import {
  AuditContext,
  Operation,
  pathParameters,
} from '@highroad/plugin-platform-common';
import { JsonObject } from '@backstage/types';
import { z } from 'zod';

/** What an input says that it is about, by fields of these names. */
const NAMING = ['service', 'environment', 'key', 'from', 'to'];
/** Of names and references; nothing longer is taken for one. */
const NAME = /^[\w.:/-]{1,200}$/;

/** An input that is not what is asked for. */
export class InvalidInput extends InputError {
  /** What is wrong; names of the schema alone */
  readonly fields: string[];

  constructor(message: string, fields: string[]) {
    super(message);
    this.fields = fields;
  }
}

/** What a record says of a call whose input could not be read, or was not. */
export interface UnreadInput {
  context: Pick<AuditContext, 'service' | 'environment'>;
  detail: JsonObject;
  /** Whether its path holds nothing but names */
  hasPlainPath: boolean;
}

/**
 * What an input that is refused says that it is about: names alone, each where it is one by itself. What is wrong is left out,
 * since it may be a value that got into the wrong place.
 */
export function namedIn(operation: Operation, input: unknown): UnreadInput {
  const fields = z.record(z.unknown()).safeParse(input);
  const all = fields.success ? fields.data : {};
  const { service, environment, ...rest } = Object.fromEntries(
    NAMING.flatMap(name => {
      const value = nameAt(operation, name, all[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    context: {
      ...(service && { service }),
      ...(environment && { environment }),
    },
    detail: rest,
    hasPlainPath: pathParameters(operation.http.path).every(
      name => nameAt(operation, name, all[name]) !== undefined,
    ),
  };
}

/** @returns the error as a record says it: without what was sent */
export function withoutInput(error: InputError): InputError {
  if (!(error instanceof InvalidInput)) {
    return new InputError('The request is not valid.');
  }
  return new InputError(
    `The request is not valid. It is wrong in ${error.fields.join(', ')}.`,
  );
}

function nameAt(
  { input }: Operation,
  field: string,
  value: unknown,
): string | undefined {
  if (!(field in input.shape)) return undefined;
  const parsed: z.SafeParseReturnType<unknown, unknown> =
    input.shape[field].safeParse(value);
  // What is marked as secret is no text any more.
  return parsed.success &&
    typeof parsed.data === 'string' &&
    NAME.test(parsed.data)
    ? parsed.data
    : undefined;
}
