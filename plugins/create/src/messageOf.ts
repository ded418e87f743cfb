import { ResponseError } from '@backstage/errors';

/** What went wrong, in the words of the portal where it has answered. */
export function messageOf(error: Error): string {
  return ResponseError.is(error) ? error.cause.message : error.message;
}
