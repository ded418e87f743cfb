import { Entity } from '@backstage/catalog-model';
import {
  checkAnnotation,
  Finding,
} from '@highroad/plugin-catalog-platform-common';
import { shownValue } from './found';

/**
 * Finds everything that is wrong with an entity's annotations by themselves,
 * without looking at other entities.
 *
 * @param file - where the entity is written
 * @param alsoKnown - annotations that this installation uses besides the platform's own
 */
export function checkAnnotations(
  entity: Entity,
  file: string,
  alsoKnown: readonly string[],
): Finding[] {
  return Object.entries(entity.metadata.annotations ?? {}).flatMap(
    ([name, value]) => {
      const problem = checkAnnotation(name, value, alsoKnown);
      if (!problem) {
        return [];
      }
      return [
        {
          rule: problem.rule,
          level: problem.level,
          file,
          field: `metadata.annotations.${shownValue(name)}`,
          found: problem.shownAs ?? shownValue(value),
          message: problem.message,
          fix: problem.fix,
        },
      ];
    },
  );
}
