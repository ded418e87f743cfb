import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  DependencyEntity,
  isPagerDutyServiceId,
  PAGERDUTY_SERVICE_ID,
} from '@highroad/plugin-catalog-platform-common';
import { z } from 'zod';
import { pagerDutyServiceUrl } from '../processor/links';

/** A reference that stands in the file of an entity. */
export interface NamedReference {
  field: string;
  ref: string;
}

/** What following dependencies needs to know of an entity. */
export interface GraphEntity extends DependencyEntity {
  relations: { type: string; targetRef: string }[];
}

/**
 * The parts of entities that are asked of the catalog. Whole branches cost it
 * much less to cut out than single leaves, and there are thousands of entities;
 * of `spec` only leaves are asked for, since that of an API holds its definition.
 */
export const graphFields = [
  'kind',
  'metadata',
  'relations',
  'spec.type',
  'spec.lifecycle',
];

/** The parts that say what the file of an entity names. */
export const namingFields = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'spec.dependsOn',
  'spec.dependencyOf',
  'spec.providesApis',
  'spec.consumesApis',
];

/** Fields that name what an entity needs or serves, and the kind meant where none is written. */
export const REFERENCE_FIELDS = [
  { field: 'dependsOn', kind: undefined },
  { field: 'dependencyOf', kind: undefined },
  { field: 'providesApis', kind: 'API' },
  { field: 'consumesApis', kind: 'API' },
];

const text = z.string().min(1);
const texts = z.array(z.unknown()).transform(values =>
  values.flatMap(value => {
    const parsed = text.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  }),
);

/** Reads a reference as people write it; undefined if it isn't one. */
export function readReference(
  written: string,
  defaults: { kind?: string; namespace: string },
): string | undefined {
  try {
    return stringifyEntityRef(
      parseEntityRef(written, {
        defaultKind: defaults.kind,
        defaultNamespace: defaults.namespace,
      }),
    );
  } catch {
    // The catalog refuses files with such references; stored ones of another source name nothing.
    return undefined;
  }
}

/** What the file of an entity names as needed, serving or served. */
export function namedReferences(entity: Entity): NamedReference[] {
  const namespace = entity.metadata.namespace ?? 'default';
  return REFERENCE_FIELDS.flatMap(({ field, kind }) => {
    const values = texts.safeParse(entity.spec?.[field]);
    if (!values.success) {
      return [];
    }
    return values.data.flatMap(value => {
      const ref = readReference(value, { kind, namespace });
      return ref ? [{ field: `spec.${field}`, ref }] : [];
    });
  });
}

/** The owner's reference: the one that the catalog understood, or the one that is written. */
export function ownerOf(entity: Entity): string | undefined {
  const related = entity.relations?.find(r => r.type === 'ownedBy')?.targetRef;
  if (related) {
    return related;
  }
  const written = text.safeParse(entity.spec?.owner);
  return written.success
    ? readReference(written.data, {
        kind: 'Group',
        namespace: entity.metadata.namespace ?? 'default',
      })
    : undefined;
}

function optionalText(value: unknown): string | undefined {
  const parsed = text.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/**
 * Reads an entity as the catalog stores it.
 *
 * @param pagerDutyUrl - address of the PagerDuty account
 */
export function toGraphEntity(
  entity: Entity,
  pagerDutyUrl: string,
): GraphEntity {
  const serviceId = entity.metadata.annotations?.[PAGERDUTY_SERVICE_ID];
  return {
    ref: stringifyEntityRef(entity),
    kind: entity.kind,
    name: entity.metadata.name,
    title: entity.metadata.title ?? entity.metadata.name,
    type: optionalText(entity.spec?.type),
    owner: ownerOf(entity),
    lifecycle: optionalText(entity.spec?.lifecycle),
    onCall:
      serviceId && isPagerDutyServiceId(serviceId)
        ? { serviceId, url: pagerDutyServiceUrl(serviceId, pagerDutyUrl) }
        : undefined,
    relations: entity.relations ?? [],
  };
}

/** The part of it that people are shown. */
export function toDependencyEntity(entity: GraphEntity): DependencyEntity {
  const { relations: _relations, ...shown } = entity;
  return shown;
}
