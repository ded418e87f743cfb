import { Entity } from '@backstage/catalog-model';
import {
  Finding,
  findingSchema,
  PLATFORM_FINDINGS,
} from '@highroad/plugin-catalog-platform-common';
import { z } from 'zod';

const handedOver = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: `${error}` });
      return z.NEVER;
    }
  })
  .pipe(z.array(findingSchema));

/**
 * Keeps findings with an entity from the first step of its processing to the
 * last. In between, the catalog accepts no status, so they travel as text in
 * the annotation that later marks the entity.
 */
export function handOver(entity: Entity, findings: Finding[]): Entity {
  if (findings.length === 0) {
    return entity;
  }
  return {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: {
        ...entity.metadata.annotations,
        [PLATFORM_FINDINGS]: JSON.stringify(findings),
      },
    },
  };
}

/** Takes what was handed over off the entity. */
export function takeOver(entity: Entity): {
  entity: Entity;
  findings: Finding[];
} {
  const { [PLATFORM_FINDINGS]: text, ...annotations } =
    entity.metadata.annotations ?? {};
  if (text === undefined) {
    return { entity, findings: [] };
  }
  // Not ours only if another processor wrote over it; then there is nothing to take.
  const parsed = handedOver.safeParse(text);
  return {
    entity: { ...entity, metadata: { ...entity.metadata, annotations } },
    findings: parsed.success ? parsed.data : [],
  };
}
