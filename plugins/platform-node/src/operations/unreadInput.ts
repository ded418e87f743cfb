import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  AuditContext,
  Operation,
  pathParameters,
  plainSecretKind,
} from '@highroad/plugin-platform-common';
import { JsonObject } from '@backstage/types';
import { z } from 'zod';

/** Of names and references; nothing longer is taken for one. */
const NAME = /^[\w.:/-]{1,200}$/;
/** As keys of secrets are called. */
const KEY = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Whether an environment of this name is configured. */
export type EnvironmentCheck = (name: string) => boolean;

/**
 * What an input says that it is about, by fields of these names: what is recorded of each, or nothing where it may be a value
 * that got into the wrong field.
 */
const NAMING: Record<
  string,
  (value: string, isEnvironment: EnvironmentCheck) => string | undefined
> = {
  service: wholeService,
  environment: onlyIf((value, isEnvironment) => isEnvironment(value)),
  key: onlyIf(value => KEY.test(value)),
  from: onlyIf((value, isEnvironment) => isEnvironment(value)),
  to: onlyIf((value, isEnvironment) => isEnvironment(value)),
};

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
 * What an input that is refused says that it is about: services, environments that are configured, and keys, each where it is
 * one by itself. All else is left out, since it may be a value that got into the wrong place.
 */
export function namedIn(
  operation: Operation,
  input: unknown,
  isEnvironment: EnvironmentCheck,
): UnreadInput {
  const fields = z.record(z.unknown()).safeParse(input);
  const all = fields.success ? fields.data : {};
  const { service, environment, ...rest } = Object.fromEntries(
    Object.keys(NAMING).flatMap(name => {
      const value = nameAt(operation, name, all[name], isEnvironment);
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
      name => nameAt(operation, name, all[name], isEnvironment) !== undefined,
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
  isEnvironment: EnvironmentCheck,
): string | undefined {
  if (!(field in input.shape)) return undefined;
  const parsed: z.SafeParseReturnType<unknown, unknown> =
    input.shape[field].safeParse(value);
  // What is marked as secret is no text any more.
  if (!parsed.success || typeof parsed.data !== 'string') return undefined;
  const name = parsed.data;
  if (!NAME.test(name) || plainSecretKind('', name)) return undefined;
  return field in NAMING ? NAMING[field](name, isEnvironment) : name;
}

function onlyIf(isOne: (value: string, check: EnvironmentCheck) => boolean) {
  return (value: string, check: EnvironmentCheck) =>
    isOne(value, check) ? value : undefined;
}

/**
 * As records are found by it. One without its kind could be anything that was written there, and services are components.
 *
 * @returns such as `component:default/cart`
 */
function wholeService(value: string): string | undefined {
  if (!/^component:/i.test(value)) return undefined;
  try {
    return stringifyEntityRef(
      parseEntityRef(value, { defaultNamespace: 'default' }),
    );
  } catch {
    return undefined;
  }
}
