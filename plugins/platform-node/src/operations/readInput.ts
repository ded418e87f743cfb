import { nearestNames } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { InvalidInput } from './unreadInput';

/** A request that is wrong in more places is no request of anybody who reads the answer. */
const MOST_NAMED = 10;

/**
 * Reads an input, or says in one message what is wrong with each field and what it takes.
 *
 * @throws InvalidInput
 */
export function readInput<I extends z.AnyZodObject>(
  schema: I,
  input: unknown,
): z.output<I> {
  const parsed = schema.strict().safeParse(input);
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape);
  const problems = parsed.error.issues.flatMap(issue => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key, at) =>
        at < MOST_NAMED ? unknownField(key, known) : '',
      );
    }
    const field = issue.path.join('.') || 'the input';
    return issue.message === 'Required'
      ? [`${field} is missing`]
      : [`${field}: ${issue.message}`];
  });
  const named = problems.slice(0, MOST_NAMED);
  const more = problems.length - named.length;
  throw new InvalidInput(
    `The request is not valid. ${named.join('; ')}${
      more > 0 ? `; and ${more} more` : ''
    }.`,
    wrongFields(parsed.error, known),
  );
}

/**
 * Looks at what is searched by or kept: values that are secret, and lists of things, are left to who reads them.
 *
 * @throws InvalidInput for text with the character NUL, which PostgreSQL does not take
 */
export function requireStorable(input: object): void {
  const field = Object.entries(input).find(([, value]) =>
    [value].flat().some(one => typeof one === 'string' && one.includes('\0')),
  );
  if (!field) return;
  throw new InvalidInput(
    `The request is not valid. ${field[0]}: leave the character NUL out.`,
    [field[0]],
  );
}

/** Each once; what the schema does not name is not told apart. */
function wrongFields({ issues }: z.ZodError, known: string[]): string[] {
  const names = issues.map(({ path: [field] }) => {
    if (field === undefined) return 'fields that there are not';
    return known.includes(String(field)) ? String(field) : 'the input';
  });
  return [...new Set(names)];
}

function unknownField(key: string, known: string[]): string {
  const name = key.slice(0, 60);
  const [near] = nearestNames(name, known, 1);
  if (near) return `there is no field "${name}"; did you mean "${near}"?`;
  return `there is no field "${name}"; there is ${
    known.join(', ') || 'none at all'
  }`;
}

/**
 * Gives the values of a query the types that the schema asks for, since a query holds only text: numbers, booleans, and
 * lists of one. What does not fit is left as it is, for the schema to name.
 */
export function typedQuery(
  schema: z.AnyZodObject,
  query: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      name in schema.shape ? typed(schema.shape[name], value) : value,
    ]),
  );
}

function typed(schema: z.ZodTypeAny, value: unknown): unknown {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) {
    return [value].flat().map(one => typed(inner.element, one));
  }
  if (typeof value !== 'string') return value;
  if (inner instanceof z.ZodNumber) {
    return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  }
  if (inner instanceof z.ZodBoolean) {
    return value === 'true' || (value === 'false' ? false : value);
  }
  return value;
}

function innermost(schema: z.ZodTypeAny): z.ZodTypeAny {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  ) {
    return innermost(schema._def.innerType);
  }
  return schema instanceof z.ZodEffects
    ? innermost(schema.innerType())
    : schema;
}
