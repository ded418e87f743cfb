import { nearestNames } from '@highroad/plugin-platform-common';
import { datadogDashboardRule } from './datadog';
import { githubProjectSlugRule } from './github';
import { PLATFORM_PREFIX } from './names';
import {
  pagerDutyIntegrationKeyRule,
  pagerDutyServiceIdRule,
} from './pagerduty';
import { platformRules } from './platform';
import { AnnotationProblem, AnnotationRule } from './problem';

/** Every annotation that is checked, in the order in which they are documented. */
export const annotationRules: readonly AnnotationRule[] = [
  githubProjectSlugRule,
  pagerDutyServiceIdRule,
  pagerDutyIntegrationKeyRule,
  datadogDashboardRule,
  ...platformRules,
];

const byName = new Map(annotationRules.map(rule => [rule.name, rule]));

/** True if the platform, and not somebody else, decides what this annotation may hold. */
export function isCheckedAnnotation(name: string): boolean {
  return byName.has(name) || name.startsWith(PLATFORM_PREFIX);
}

function checkUnknown(
  name: string,
  alsoKnown: readonly string[],
): AnnotationProblem | undefined {
  if (!name.startsWith(PLATFORM_PREFIX) || alsoKnown.includes(name)) {
    return undefined;
  }
  const known = [...byName.keys(), ...alsoKnown].filter(n =>
    n.startsWith(PLATFORM_PREFIX),
  );
  const [meant] = nearestNames(
    name.slice(PLATFORM_PREFIX.length),
    known.map(n => n.slice(PLATFORM_PREFIX.length)),
  );
  return {
    rule: 'unknown-annotation',
    level: 'warning',
    message: `The platform has no annotation of this name, so it has no effect.`,
    fix: meant
      ? `Did you mean ${PLATFORM_PREFIX}${meant}?`
      : `Remove it, or use one of: ${known.join(', ')}.`,
  };
}

/**
 * Says what is wrong with one annotation.
 *
 * @param alsoKnown - names that this installation uses besides the platform's own
 * @returns undefined if nothing is wrong, or if the annotation is not the platform's concern
 */
export function checkAnnotation(
  name: string,
  value: string,
  alsoKnown: readonly string[] = [],
): AnnotationProblem | undefined {
  const rule = byName.get(name);
  if (!rule) {
    return checkUnknown(name, alsoKnown);
  }
  if (value.trim() === '') {
    return {
      rule: 'empty-annotation',
      level: 'warning',
      message: 'The annotation has no value.',
      fix:
        name === pagerDutyIntegrationKeyRule.name
          ? 'Remove it.'
          : `Write a value such as "${rule.example}", or remove it.`,
    };
  }
  return rule.check(value);
}
