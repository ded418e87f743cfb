import { Entity, KubernetesValidatorFunctions } from '@backstage/catalog-model';
import {
  Finding,
  isCheckedAnnotation,
  PAGERDUTY_INTEGRATION_KEY,
  PLATFORM_FINDINGS,
} from '@highroad/plugin-catalog-platform-common';
import { shownValue } from './found';

export interface Settled {
  entity: Entity;
  findings: Finding[];
}

type Verdict =
  | { keep: string; finding?: Omit<Finding, 'file' | 'field'> }
  | { keep?: undefined; finding: Omit<Finding, 'file' | 'field'> };

function judge(name: string, value: unknown): Verdict {
  const found =
    name === PAGERDUTY_INTEGRATION_KEY ? '(hidden)' : shownValue(value);
  if (!KubernetesValidatorFunctions.isValidAnnotationKey(name)) {
    return {
      finding: {
        rule: 'annotation-name',
        level: 'warning',
        found: shownValue(name),
        message:
          'The catalog does not accept annotations of this name, so it was left out.',
        fix: 'Use letters, digits and single hyphens after the slash.',
      },
    };
  }
  if (name === PLATFORM_FINDINGS) {
    return {
      finding: {
        rule: 'written-by-platform',
        level: 'warning',
        found,
        message:
          'The platform writes this annotation itself, so it was left out.',
        fix: 'Remove it from the file.',
      },
    };
  }
  if (typeof value === 'string') {
    return { keep: value };
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return {
      keep: String(value),
      finding: {
        rule: 'unquoted-annotation',
        level: 'warning',
        found,
        message: `The value of an annotation must be text, and this is a ${typeof value}; it was read as text.`,
        fix: 'Put the value in quotes.',
      },
    };
  }
  return {
    finding: {
      rule: value === null ? 'empty-annotation' : 'annotation-not-text',
      level: 'warning',
      found,
      message:
        value === null
          ? 'The annotation has no value, so it was left out.'
          : 'The value of an annotation must be text, so it was left out.',
      fix: 'Write one line of text in quotes, or remove the annotation.',
    },
  };
}

/**
 * Brings the annotations that the platform checks into the form that the
 * catalog demands. The catalog discards every change to an entity that has
 * anything but text in an annotation, so one unquoted port would hold back a
 * new owner; here it becomes a finding instead. Annotations of others are not touched.
 *
 * @param file - where the entity is written, for the findings
 */
export function settleAnnotations(entity: Entity, file: string): Settled {
  const annotations: unknown = entity.metadata.annotations;
  if (
    typeof annotations !== 'object' ||
    annotations === null ||
    Array.isArray(annotations)
  ) {
    return { entity, findings: [] };
  }
  const findings: Finding[] = [];
  const kept = Object.entries(annotations).flatMap(([name, value]) => {
    if (!isCheckedAnnotation(name)) {
      return [[name, value]];
    }
    const verdict = judge(name, value);
    if (verdict.finding) {
      findings.push({
        ...verdict.finding,
        file,
        field: `metadata.annotations.${shownValue(name)}`,
      });
    }
    return verdict.keep === undefined ? [] : [[name, verdict.keep]];
  });
  if (findings.length === 0) {
    return { entity, findings };
  }
  return {
    entity: {
      ...entity,
      metadata: { ...entity.metadata, annotations: Object.fromEntries(kept) },
    },
    findings,
  };
}
