import { z } from 'zod';

/**
 * A whole reference of an entity, which comes out in lower case. It takes printable ASCII only, which stays as long as it
 * is when its case changes.
 *
 * @param kinds - alternatives of a regular expression
 * @param message - what to write instead
 */
export function referenceSchema(kinds: string, message: string) {
  return z
    .string()
    .max(300)
    .regex(new RegExp(`^(${kinds}):[!-.0-9;-~]+/[!-.0-9;-~]+$`, 'i'), message)
    .transform(ref => ref.toLocaleLowerCase('en-US'));
}

/** Of a service */
export const serviceSchema = referenceSchema(
  '[a-z]+',
  'use a whole reference, such as component:default/cart',
);
