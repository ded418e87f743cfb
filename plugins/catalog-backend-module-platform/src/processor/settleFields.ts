import { Entity, makeValidator } from '@backstage/catalog-model';
import { Finding } from '@highroad/plugin-catalog-platform-common';
import { readReference, REFERENCE_FIELDS } from '../dependencies/graphEntity';
import { shownValue } from './found';
import { Settled } from './settleAnnotations';

/** Stands where a file does not say what the catalog demands. As an owner it is nobody. */
export const NOT_SAID = 'unknown';

/** What the catalog demands as text of each kind, and what to write there. */
const DEMANDED: Record<string, readonly string[]> = {
  component: ['type', 'lifecycle', 'owner'],
  api: ['type', 'lifecycle', 'owner'],
  resource: ['type', 'owner'],
  system: ['owner'],
  domain: ['owner'],
};
const FIXES: Record<string, string> = {
  type: 'Write what it is, such as service.',
  lifecycle: 'Write production, experimental or deprecated.',
  owner: 'Name the group that answers for it, such as payments-team.',
};
const { isValidTag } = makeValidator();

type Found = Omit<Finding, 'file'>;

/**
 * Brings fields that people often get wrong into the form that the catalog demands: tags, references to others, and what every
 * thing of a kind must say. The catalog discards every change to an entity with one of them amiss; here it becomes a finding,
 * and the rest of the file counts.
 *
 * @param file - where the entity is written, for the findings
 */
export function settleFields(entity: Entity, file: string): Settled {
  const found: Found[] = [];
  const metadata = withTags(entity.metadata, found);
  const spec = isMapping(entity.spec)
    ? withDemanded(
        withReferences(
          entity.spec,
          entity.metadata.namespace ?? 'default',
          found,
        ),
        entity.kind,
        found,
      )
    : entity.spec;
  if (found.length === 0) return { entity, findings: [] };
  // What was put right is as the catalog wants it; what it was read from is outside data.
  const settled: Entity = JSON.parse(
    JSON.stringify({ ...entity, metadata, spec }),
  );
  return { entity: settled, findings: found.map(one => ({ ...one, file })) };
}

function withTags(metadata: Entity['metadata'], found: Found[]): object {
  const tags: unknown = metadata.tags;
  if (tags === undefined) return metadata;
  if (!Array.isArray(tags)) {
    found.push({
      ...{ rule: 'tags-not-a-list', level: 'warning', field: 'metadata.tags' },
      found: shownValue(tags),
      message: 'Tags are a list, and this is none, so it was left out.',
      fix: 'Write each tag on a line of its own, after "- ".',
    });
    return { ...metadata, tags: undefined };
  }
  const kept = tags.filter((tag, at) => {
    if (isValidTag(tag)) return true;
    found.push({
      ...{ rule: 'tag-invalid', level: 'warning' },
      field: `metadata.tags[${at}]`,
      found: shownValue(tag),
      message: 'This is no tag of the catalog, so it was left out.',
      fix: 'Use small letters, digits, ":", "+", "#" and single hyphens, 63 at most.',
    });
    return false;
  });
  return { ...metadata, tags: kept };
}

function withReferences(
  spec: object,
  namespace: string,
  found: Found[],
): object {
  const settled: Record<string, unknown> = { ...spec };
  for (const { field, kind } of REFERENCE_FIELDS) {
    const written = settled[field];
    if (written === undefined) continue;
    const list: unknown[] = Array.isArray(written) ? written : [written];
    if (!Array.isArray(written)) {
      found.push({
        ...{ rule: 'references-not-a-list', level: 'warning' },
        field: `spec.${field}`,
        found: shownValue(written),
        message: 'This is a list of references; it was read as one of one.',
        fix: 'Write each reference on a line of its own, after "- ".',
      });
    }
    settled[field] = list.filter((one, at) => {
      if (typeof one === 'string' && readReference(one, { kind, namespace })) {
        return true;
      }
      found.push({
        ...{ rule: 'reference-invalid', level: 'warning' },
        field: `spec.${field}[${at}]`,
        found: shownValue(one),
        message: 'This is no reference to anything, so it was left out.',
        fix: kind
          ? 'Write a name, or a whole reference such as api:default/payments.'
          : 'Write a reference with its kind, such as component:user-service.',
      });
      return false;
    });
  }
  return settled;
}

function withDemanded(spec: object, kind: string, found: Found[]): object {
  const settled: Record<string, unknown> = { ...spec };
  const inProduction =
    String(settled.lifecycle).toLocaleLowerCase('en-US') === 'production';
  for (const field of DEMANDED[kind.toLocaleLowerCase('en-US')] ?? []) {
    const written = settled[field];
    const isSaid =
      typeof written === 'string' &&
      written.trim() !== '' &&
      written !== NOT_SAID &&
      (field !== 'owner' || isOwner(written));
    if (isSaid) continue;
    settled[field] = NOT_SAID;
    found.push({
      rule: `${field}-not-said`,
      level: field === 'owner' && inProduction ? 'error' : 'warning',
      field: `spec.${field}`,
      found: shownValue(written),
      message:
        field === 'owner'
          ? 'It names no owner, so nobody answers for it, and nobody may operate it.'
          : `It does not say its ${field}.`,
      fix: FIXES[field],
    });
  }
  return settled;
}

function isOwner(text: string): boolean {
  return (
    readReference(text, { kind: 'Group', namespace: 'default' }) !== undefined
  );
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
