import {
  EntityFindings,
  OwnerFindings,
} from '@highroad/plugin-catalog-platform-common';

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function errorsFirst(a: EntityFindings, b: EntityFindings): number {
  const errors = (entity: EntityFindings) =>
    entity.findings.filter(finding => finding.level === 'error').length;
  return errors(b) - errors(a) || compareText(a.ref, b.ref);
}

/**
 * Puts entities under their owners: things without an owner first, since nobody
 * will look for them, then by name. Within an owner, errors come first.
 *
 * @param missing - references of owners that do not exist
 */
export function groupByOwner(
  listed: { owner: string | undefined; entity: EntityFindings }[],
  missing: ReadonlySet<string>,
): OwnerFindings[] {
  const groups = new Map<string | undefined, EntityFindings[]>();
  for (const { owner, entity } of listed) {
    const group = groups.get(owner);
    if (group) {
      group.push(entity);
    } else {
      groups.set(owner, [entity]);
    }
  }
  const rank = (group: OwnerFindings) => Number(group.ownerExists);
  return [...groups]
    .map(([owner, entities]) => ({
      owner,
      ownerExists: owner !== undefined && !missing.has(owner),
      entities: entities.sort(errorsFirst),
    }))
    .sort(
      (a, b) => rank(a) - rank(b) || compareText(a.owner ?? '', b.owner ?? ''),
    );
}
