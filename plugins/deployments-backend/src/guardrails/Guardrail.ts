import {
  Container,
  KubernetesObject,
  PodSpec,
} from '@highroad/plugin-platform-node/manifests';

/** What a rule looks at. */
export interface Subject {
  kind: string;
  /** Whether it runs until it is replaced, rather than to an end */
  isWorkload: boolean;
  pod: PodSpec;
  container: Container;
  /** All that is deployed with it */
  objects: KubernetesObject[];
  /** Whether it runs to its end before the others start */
  isInit: boolean;
  /** The tag that was asked for, where this object runs it */
  version?: string;
}

/** What a rule found wrong with one container. */
export interface Breach {
  /** What the manifest says, or that it says nothing */
  found: string;
  /** What is wrong, in a sentence */
  message: string;
  /** What to write instead */
  fix: string;
}

/** One thing that every workload has, unless a deviation says why not. */
export interface Guardrail {
  /** Stands in deviations, so it never changes */
  id: string;
  /** Why the rule is there, in a sentence */
  why: string;
  check(subject: Subject): Breach[];
}
