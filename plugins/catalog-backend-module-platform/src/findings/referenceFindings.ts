import { ANNOTATION_LOCATION, Entity } from '@backstage/catalog-model';
import { Finding } from '@highroad/plugin-catalog-platform-common';
import { namedReferences, ownerOf } from '../dependencies/graphEntity';
import { NOT_SAID } from '../processor/settleFields';

/** The parts of an entity that name others. */
export const referenceFields = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'spec.lifecycle',
  'spec.owner',
  'spec.dependsOn',
  'spec.dependencyOf',
  'spec.providesApis',
  'spec.consumesApis',
];

/** Where the file of an entity is, without the word for the kind of place. */
export function fileOf(entity: Entity): string {
  const location = entity.metadata.annotations?.[ANNOTATION_LOCATION] ?? '';
  return location.replace(/^[a-z-]+:/, '') || '(unknown)';
}

function isInProduction(entity: Entity): boolean {
  const lifecycle: unknown = entity.spec?.lifecycle;
  return (
    typeof lifecycle === 'string' && lifecycle.toLowerCase() === 'production'
  );
}

/** Every reference of an entity that must lead somewhere. */
export function referencesToCheck(entity: Entity): string[] {
  const owner = isInProduction(entity) ? ownerOf(entity) : undefined;
  const named = namedReferences(entity).map(({ ref }) => ref);
  return owner ? [owner, ...named] : named;
}

/**
 * What is wrong with an entity because others don't exist. This is found when
 * read and not when the file is processed, since it changes with the others.
 *
 * @param missing - references known not to exist
 */
export function referenceFindings(
  entity: Entity,
  missing: ReadonlySet<string>,
): Finding[] {
  const file = fileOf(entity);
  const findings: Finding[] = [];
  // That none is named is a finding already.
  const owner = entity.spec?.owner === NOT_SAID ? undefined : ownerOf(entity);
  if (owner && isInProduction(entity) && missing.has(owner)) {
    findings.push({
      rule: 'owner-missing',
      level: 'error',
      file,
      field: 'spec.owner',
      found: owner,
      message:
        'This is in production and its owner is not in the catalog, so nobody answers for it.',
      fix: 'Name a group or user that exists, or add the group to the catalog.',
    });
  }
  for (const { field, ref } of namedReferences(entity)) {
    if (missing.has(ref)) {
      findings.push({
        rule: 'reference-missing',
        level: 'warning',
        file,
        field,
        found: ref,
        message:
          'There is nothing of this name in the catalog, so what depends on it cannot be told.',
        fix: 'Correct the name, remove the line, or add the missing file to the catalog.',
      });
    }
  }
  return findings;
}
