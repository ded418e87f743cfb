import { EnvironmentServiceSpec } from '@highroad/plugin-environments-common';
import { KubernetesObject } from '@highroad/plugin-platform-node/manifests';
import { Target } from '../Target';

/** A service that takes what its repository holds. */
export type ServiceOfManifests = EnvironmentServiceSpec & {
  from: NonNullable<EnvironmentServiceSpec['from']>;
};

/** What a service's repository holds for an environment, at a commit. */
export interface ReadManifests {
  /** Its whole name */
  commit: string;
  /** As they are rendered, before anything is set or checked */
  objects: KubernetesObject[];
}

/** Reads services' own manifests. */
export interface ManifestReader {
  /**
   * @param commit - what it was read at before; the one that the environment asks for is looked up if left out
   * @throws ManifestProblem that says what to change; any other error where it may be read later
   */
  read(
    target: Target,
    service: ServiceOfManifests,
    options: { commit?: string; signal: AbortSignal },
  ): Promise<ReadManifests>;
}

/** Manifests can't be had, or not be taken for an environment. A person has to change something. */
export class ManifestProblem extends Error {
  readonly name = 'ManifestProblem';
}
