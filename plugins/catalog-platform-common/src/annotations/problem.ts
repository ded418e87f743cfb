import { FindingLevel } from '../findings';

/** What is wrong with one annotation's value, before it is tied to a file. */
export interface AnnotationProblem {
  rule: string;
  level: FindingLevel;
  message: string;
  fix: string;
  /**
   * Shown in place of the value where the value must not be repeated, for
   * example because it is a credential.
   */
  shownAs?: string;
}

/** One annotation that the platform knows: what it is for and what is wrong with a value. */
export interface AnnotationRule {
  name: string;
  purpose: string;
  example: string;
  /** Never throws, whatever the value holds. */
  check(value: string): AnnotationProblem | undefined;
}
