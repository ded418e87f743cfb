import {
  Progress,
  Refusal,
  Steering,
} from '@highroad/plugin-deployments-common';

/** Where something is applied. */
export interface Destination {
  /** Name of a cluster, as `platform.clusters` has it */
  cluster: string;
  namespace: string;
  /** Reference of the service */
  service: string;
  environment: string;
}

/** An object of Kubernetes, as manifests hold it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** How what was applied is doing. */
export interface Observation {
  verdict: 'progressing' | 'ready' | 'paused' | 'failed';
  /** In a sentence: why it failed or what it waits for */
  summary: string;
  /** It progresses when an analysis says so, which takes as long as it takes: nothing is late meanwhile */
  judged?: boolean;
  /** It failed since no node takes its pods, which says nothing of a version that was ready before */
  lacksNode?: boolean;
  progress: Progress;
  /** What is known of it, where something is wrong */
  evidence: string[];
  /** The pods of the new version, as far as they are known yet */
  pods: NewPods;
}

/** What can be told of the pods of the new version alone. */
export interface NewPods {
  /** The part of their names by which they differ from those of other versions, one for each workload */
  hashes: string[];
  /** How often their containers were started again, all together */
  restarts: number;
  /**
   * Names of those that were ready and are not any more, though their containers run, as when a probe fails. One that is new
   * or removed, or whose node is gone, is none.
   */
  lost?: string[];
}

export type SteerAction = Steering;

/** The step that each workload is to be at, by its name, counted from 0. One without is led to no step. */
export type Aim = Record<string, number>;

/** The longest that an engine waits for any one answer, in milliseconds. */
export const LONGEST_CALL_MS = 10_000;

/**
 * Brings manifests to a cluster and watches over them. All of it can be done again after a crash: what is there
 * already is recognised.
 *
 * An `EngineRefusedError` ends the deployment; what else is thrown is tried again.
 *
 * When `signal` is aborted, the deployment is somebody else's: no further call to the cluster is begun. One that was begun
 * takes no longer than `LONGEST_CALL_MS`.
 */
export interface Engine {
  /** Makes the namespace with its quota, Pod Security and the account that manifests are applied as. */
  prepare(destination: Destination, signal: AbortSignal): Promise<void>;
  /**
   * Looks which fields of the objects somebody else manages there now, such as those that were changed by hand. Changes
   * nothing; what is not there yet has none.
   *
   * @param options.waits - what is there and has to end before it can be replaced, such as a Job that runs, is no reason to
   * refuse: applying is tried again until it has
   * @returns a line for each, with the object, the field and who manages it
   * @throws EngineRefusedError where something is in the way that nobody may take over
   */
  conflicts(
    destination: Destination,
    objects: KubernetesObject[],
    options: { deployment: string; waits: boolean; signal: AbortSignal },
  ): Promise<string[]>;
  /**
   * Applies all objects as that account, under one field manager, and removes what an earlier deployment applied there
   * and this one does not hold. Ends a pause that somebody made before, unless the objects ask for one. What cannot be changed,
   * such as a Job, is replaced; where it runs still, that is thrown once all else is applied, so that it is tried again.
   *
   * @param options.takeOver - takes fields that somebody else manages, rather than refuse
   * @returns lines that say what was created, changed, left or removed
   */
  apply(
    destination: Destination,
    objects: KubernetesObject[],
    options: { deployment: string; takeOver: boolean; signal: AbortSignal },
  ): Promise<string[]>;
  /** Looks at the workloads among the objects. Says nothing good before the cluster has seen what was applied. */
  observe(
    destination: Destination,
    objects: KubernetesObject[],
    signal: AbortSignal,
  ): Promise<Observation>;
  /**
   * Why pods are not ready or were started again: what their containers do, the last event of each, such as of a failing
   * probe, and the last lines of their logs without what looks like a secret. It is asked just before a deployment fails,
   * since what is put back then removes the pods, and is not waited for longer than a few seconds.
   *
   * @param pods - as the last observation told them
   * @returns lines; none where all of them do well
   */
  lastWords(
    destination: Destination,
    pods: NewPods,
    signal: AbortSignal,
  ): Promise<string[]>;
  /** Where steering leads from what is there now. It is asked for and kept before anything is done. */
  aim(
    destination: Destination,
    objects: KubernetesObject[],
    action: SteerAction,
    signal: AbortSignal,
  ): Promise<Aim>;
  /**
   * Steers the shifting of traffic. Doing it twice is as good as once: where there is an aim, nothing is led beyond it.
   *
   * @param options.aim - for `skip` and `promote`, which mean another step each time; left out for all else
   */
  steer(
    destination: Destination,
    objects: KubernetesObject[],
    action: SteerAction,
    options: { aim?: Aim; signal: AbortSignal },
  ): Promise<void>;
  /**
   * Whether exactly these objects are there, as a deployment applied them: nothing is missing, and applying them again
   * would change nothing.
   */
  holds(
    destination: Destination,
    objects: KubernetesObject[],
    options: { deployment: string; signal: AbortSignal },
  ): Promise<boolean>;
}

/** The cluster will not have it, however often it is tried: it is forbidden, not valid, or somebody else's. */
export class EngineRefusedError extends Error {
  readonly name = 'EngineRefusedError';

  /** @param refusal - what it is refused for, where the deployment is to say so */
  constructor(message: string, readonly refusal?: Refusal) {
    super(message);
  }
}
