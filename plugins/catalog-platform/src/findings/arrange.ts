import {
  FindingsAnswer,
  OwnerFindings,
} from '@highroad/plugin-catalog-platform-common';
import { FindingsFilter } from './useFindingsFilter';

export interface Section extends OwnerFindings {
  mine: boolean;
}

/** Puts my teams first and leaves out what the filter leaves out. */
export function arrange(
  answer: FindingsAnswer,
  filter: FindingsFilter,
  myRefs: string[],
): Section[] {
  const name = filter.name.trim().toLowerCase();
  const sections = answer.owners
    .map(group => ({
      ...group,
      mine: group.owner !== undefined && myRefs.includes(group.owner),
      entities: group.entities
        .filter(
          entity =>
            entity.ref.toLowerCase().includes(name) ||
            entity.title.toLowerCase().includes(name),
        )
        .map(entity => ({
          ...entity,
          findings: entity.findings.filter(
            finding => filter.level === 'any' || finding.level === 'error',
          ),
        }))
        .filter(entity => entity.findings.length > 0),
    }))
    .filter(group => group.entities.length > 0)
    .filter(group => filter.show === 'all' || group.mine);
  return [
    ...sections.filter(section => section.mine),
    ...sections.filter(section => !section.mine),
  ];
}

/** How many findings there are in some sections. */
export function countFindings(sections: OwnerFindings[]): number {
  return sections
    .flatMap(section => section.entities)
    .reduce((sum, entity) => sum + entity.findings.length, 0);
}
