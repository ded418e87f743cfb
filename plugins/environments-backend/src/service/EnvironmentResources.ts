import {
  EnvironmentManifest,
  EnvironmentSpec,
  EnvironmentStatus,
} from '@highroad/plugin-environments-common';

/** An environment's resource, as the cluster keeps it, with its defaults. */
export interface EnvironmentResource {
  name: string;
  /** Namespace in which it is kept */
  home: string;
  uid: string;
  generation: number;
  resourceVersion: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  finalizers: string[];
  createdAt: Date;
  /** When its manifest was last applied and was another than before, by whatever door, as the cluster notes it down */
  changedAt?: Date;
  /** Since when it is being ended */
  deletedAt?: Date;
  /** Undefined where it holds what no environment may, which a resource from before a change of its kind can */
  spec: EnvironmentSpec | undefined;
  /** What is wrong with it, where there is no spec */
  problem?: string;
  /** How long it lives by its manifest, where the rest of its spec can't be read */
  unread?: { ttl?: string; keep: boolean };
  status: EnvironmentStatus;
}

/** Which environment. */
export interface EnvironmentKey {
  /** Namespace in which it is kept */
  home: string;
  name: string;
}

/** What is kept besides the manifest, and not undone by applying that again. */
export interface EnvironmentMarks {
  /** Reference of the group that owns it; written into the spec */
  owner?: string;
  /** Who asks for it, as records name them; kept from the first time */
  requestedBy?: string;
  /** When something was last done with it */
  lastActivityAt?: Date;
}

export type ApplyOutcome = 'created' | 'changed' | 'unchanged';

/**
 * Environments as the cluster keeps them; the only place where they are. All doors write through this: the portal, the
 * command, pull requests. Reading comes from a watch, so it costs the cluster nothing.
 *
 * Every method throws a ServiceUnavailableError that says what is missing while no cluster is connected.
 */
export interface EnvironmentResources {
  /** Namespace in which those are kept that are not applied by hand */
  readonly home: string;
  /** What is missing so that environments can be had; undefined where all is well */
  notConnected(): string | undefined;
  /** All that there are, newest first. */
  list(): Promise<EnvironmentResource[]>;
  find(key: EnvironmentKey): Promise<EnvironmentResource | undefined>;
  /** @returns those of one pull request, as `pullRequestKey` names it; one at most in the home namespace */
  ofPullRequest(key: string): Promise<EnvironmentResource[]>;
  /**
   * Makes it, or brings it to this manifest. Applying the same again changes nothing. A pull request's reference in the
   * manifest is put into its label too.
   *
   * @param manifest - `metadata.namespace` is the home namespace if left out
   * @throws ConflictError while an environment of that name is being ended, or where it is another owner's, InputError for what the cluster refuses
   */
  apply(
    manifest: EnvironmentManifest,
    marks: EnvironmentMarks,
  ): Promise<{ outcome: ApplyOutcome; resource: EnvironmentResource }>;
  /** Has it stay until then at least. @throws NotFoundError */
  extend(key: EnvironmentKey, until: Date): Promise<EnvironmentResource>;
  /** Has it stay without end, or not any more. @throws NotFoundError */
  keep(key: EnvironmentKey, keep: boolean): Promise<EnvironmentResource>;
  /**
   * Begins its end; all that it holds goes with it. Returns at once.
   *
   * @param uid - ends only the very one that was seen, where given
   * @returns false if there is none
   */
  delete(key: EnvironmentKey, uid?: string): Promise<boolean>;
  /**
   * Calls whenever a resource is made, changed (its status too) or gone, and once for each that is there when the watch
   * begins.
   *
   * @returns ends it
   */
  onChange(listener: (change: ResourceChange) => void): () => void;
}

export type ResourceChange =
  | { type: 'applied'; resource: EnvironmentResource }
  | { type: 'gone'; key: EnvironmentKey; uid: string };
