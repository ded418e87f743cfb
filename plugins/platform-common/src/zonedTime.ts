import { z } from 'zod';

/**
 * A time of ISO 8601 with its zone, which stays as it is written.
 *
 * @param message - what to write instead
 */
export function zonedTime(message?: string) {
  return (
    z
      .string()
      .datetime({ offset: true, message })
      // An offset of a day or more has the form of one.
      .refine(text => !Number.isNaN(Date.parse(text)), message)
  );
}
