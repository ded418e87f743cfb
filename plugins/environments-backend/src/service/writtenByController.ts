import { CONTROLLER_FIELD_MANAGER } from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';

const metadataSchema = z.object({
  managedFields: z
    .array(
      z.object({
        manager: z.string().optional(),
        operation: z.string().optional(),
        fieldsV1: z.unknown(),
      }),
    )
    .default([]),
});

const labelledSchema = z.object({
  'f:metadata': z.object({ 'f:labels': z.record(z.unknown()) }),
});

/** Whether the controller put a label. Anybody can put one; who did, the cluster notes down itself. */
export function isLabelledByController(
  { metadata }: KubernetesObject,
  label: string,
): boolean {
  return metadataSchema
    .parse(metadata)
    .managedFields.some(({ manager, operation, fieldsV1 }) => {
      const written = labelledSchema.safeParse(fieldsV1);
      return (
        manager === CONTROLLER_FIELD_MANAGER &&
        operation === 'Apply' &&
        written.success &&
        `f:${label}` in written.data['f:metadata']['f:labels']
      );
    });
}
