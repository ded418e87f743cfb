import { GitHostInfo } from '@highroad/plugin-create-common';

/** Owner and name of a repository at its host. */
export interface RepositoryName {
  owner: string;
  name: string;
}

/** What is at a repository's address before anything is created there. */
export type RepositoryState =
  | { state: 'absent' }
  | {
      state: 'empty';
      /** The creation that made it and has not filled it, by what {@link creationMark} wrote */
      creation?: string;
    }
  | {
      state: 'used';
      /** The creation that made it, until that one is done with it; nobody's on this machine */
      creation?: string;
      /** What `platform/template.yaml` holds on the default branch, if there is such a file */
      record?: unknown;
    };

/** Where a repository is, or would be. */
export interface RepositoryAddresses {
  /** The page a person opens */
  url: string;
  /** What `git clone` takes */
  cloneUrl: string;
  /** The address of `catalog-info.yaml` on the default branch, as the catalog reads it */
  catalogInfoUrl: string;
  /** What the standard publish actions take, `host?owner=…&repo=…` */
  repoUrl: string;
}

/** One place that repositories are created in. Publishing itself is left to the standard scaffolder actions. */
export interface GitHost {
  readonly info: GitHostInfo;

  /**
   * Why nothing can be created there at this moment; undefined where all is well. Quick, and cheap to ask often.
   * Absent for a host of which only its configuration is known beforehand.
   */
  unavailable?(): Promise<string | undefined>;

  addresses(repository: RepositoryName, branch: string): RepositoryAddresses;

  /** @throws ServiceUnavailableError if the host does not answer, which never counts as absent */
  inspect(repository: RepositoryName, branch: string): Promise<RepositoryState>;

  /**
   * Removes a repository that a creation made, only while it holds no commit. Returns whether it did.
   *
   * @param creation - id of the creation; what anybody else made is left alone, empty or not
   */
  discardEmpty(repository: RepositoryName, creation: string): Promise<boolean>;

  /** Says what a repository is for, in place of the {@link creationMark} under which it was made. */
  describe(repository: RepositoryName, description: string): Promise<void>;
}

/** Where the answers that made a service are recorded in its repository. */
export const TEMPLATE_RECORD = 'platform/template.yaml';
