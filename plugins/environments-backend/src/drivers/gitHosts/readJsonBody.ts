import { InputError } from '@backstage/errors';
import { z } from 'zod';

/**
 * Reads a delivery's body, which has to be signed already.
 *
 * @throws InputError that names the field, and none of its content
 */
export function readJsonBody<T extends z.ZodTypeAny>(
  body: Buffer,
  schema: T,
): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new InputError(
      'The delivery is not valid. Its body is not JSON; choose application/json as the content type of the webhook.',
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    `The delivery is not valid. ${issue.path.join('.') || 'It'}: ${
      issue.message
    }`,
  );
}
