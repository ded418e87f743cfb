import { ENTITY_STATUS_CATALOG_PROCESSING_TYPE } from '@backstage/catalog-client';
import { ANNOTATION_LOCATION, Entity } from '@backstage/catalog-model';
import { Finding } from '@highroad/plugin-catalog-platform-common';
import { z } from 'zod';
import { fileOf } from './referenceFindings';

/** The parts of an entity that say whether it could be processed, and of a location which files it reads. */
export const processingFields = [
  'status',
  'spec.type',
  'spec.target',
  'spec.targets',
];

const MAX_MESSAGE = 500;

const statusSchema = z.object({
  status: z.object({ items: z.array(z.unknown()) }),
});
const errorItemSchema = z.object({
  type: z.literal(ENTITY_STATUS_CATALOG_PROCESSING_TYPE),
  level: z.literal('error'),
  message: z.string(),
});
const locationSchema = z.object({
  type: z.string().default('url'),
  target: z.string().optional(),
  targets: z.array(z.string()).default([]),
});

/** Why the catalog could not process something as it is now; what stood there before holds on. */
export function processingErrors(entity: Entity): string[] {
  const parsed = statusSchema.safeParse(entity);
  if (!parsed.success) return [];
  return parsed.data.status.items.flatMap(item => {
    const error = errorItemSchema.safeParse(item);
    return error.success ? [shortened(error.data.message)] : [];
  });
}

/** The files of a location that could not be read, as `managed-by-location` names them. Nothing for other kinds. */
export function unreadableFiles(
  entity: Entity,
  errors: string[],
): Array<[file: string, why: string]> {
  if (entity.kind !== 'Location' || errors.length === 0) return [];
  const files = filesOf(entity);
  return files.flatMap((file): Array<[string, string]> => {
    // Of several, the error names the one that it is about.
    const target = file.slice(file.indexOf(':') + 1);
    const why =
      files.length === 1 ? errors[0] : errors.find(one => one.includes(target));
    return why ? [[file, why]] : [];
  });
}

/** The files that a location reads, as `managed-by-location` names them. Nothing for other kinds. */
export function filesOf(entity: Entity): string[] {
  const spec = locationSchema.safeParse(entity.spec);
  if (entity.kind !== 'Location' || !spec.success) return [];
  const { type, target, targets } = spec.data;
  return [...(target ? [target] : []), ...targets].map(
    file => `${type}:${file}`,
  );
}

/**
 * What is wrong with an entity because it could not be processed, or the file that it was read from no longer can be.
 *
 * @param unreadable - files that cannot be read, and why
 */
export function processingFindings(
  entity: Entity,
  unreadable: ReadonlyMap<string, string>,
): Finding[] {
  const location = entity.metadata.annotations?.[ANNOTATION_LOCATION] ?? '';
  const isFile = entity.kind !== 'Location';
  const unread = isFile ? unreadable.get(location) : undefined;
  const own = processingErrors(entity);
  const [target] = filesOf(entity);
  const file = target?.replace(/^[a-z-]+:/, '') ?? fileOf(entity);
  return [
    ...(unread ? [finding('file-unreadable', file, unread)] : []),
    ...own.map(why =>
      finding(isFile ? 'not-processed' : 'file-unreadable', file, why),
    ),
  ];
}

function finding(
  rule: 'file-unreadable' | 'not-processed',
  file: string,
  why: string,
): Finding {
  return {
    ...{ rule, level: 'error', file, field: '(the whole file)' },
    found: why,
    message:
      rule === 'file-unreadable'
        ? 'The catalog cannot read this file, so what it says now is not known. What it said before holds on.'
        : 'The catalog cannot take what the file says now. What it said before holds on.',
    fix: 'Mend what is named, or put the file back where it was; the catalog looks again within minutes.',
  };
}

function shortened(message: string): string {
  const [first] = message.split(/\n\s+at /);
  return first.length > MAX_MESSAGE
    ? `${first.slice(0, MAX_MESSAGE)} …`
    : first;
}
