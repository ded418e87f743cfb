import { z } from 'zod';

/** Who keeps which fields of an object, as Kubernetes notes it. */
export const managedFieldSchema = z
  .object({ manager: z.string().optional(), operation: z.string().optional() })
  .passthrough();
export type ManagedField = z.output<typeof managedFieldSchema>;

/** Whether a manager made an object, or changed it, otherwise than by applying it. */
export function wasMade(fields: ManagedField[], manager: string): boolean {
  return fields.some(one => isMadeBy(one, manager));
}

/**
 * As if a manager had applied what it made.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply
 */
export function asApplied(
  fields: ManagedField[],
  manager: string,
): ManagedField[] {
  return fields.map(one =>
    isMadeBy(one, manager) ? { ...one, operation: 'Apply' } : one,
  );
}

function isMadeBy(
  { manager: by, operation }: ManagedField,
  manager: string,
): boolean {
  return by === manager && operation === 'Update';
}
