import { SecretValue } from '@highroad/plugin-platform-common';

/** What tells an environment from any other. */
export interface EnvironmentIdentity {
  /** Uid of the environment's resource: unlike any other's, also of one that had the same name before */
  environmentUid: string;
  /**
   * Uid of the cluster that the environment's resource is in, since one that was restored from another has the same resources;
   * none for what stands outside of environments, or where it is not known
   */
  cluster?: string;
}

/** Which database of which environment. */
export interface DatabaseRequest extends EnvironmentIdentity {
  /** Short name of the environment, for people who see the database */
  environment: string;
  /** Name of the database in its environment */
  name: string;
  /** That the environment has for itself in the cluster; none for what stands outside of environments */
  namespace?: string;
}

/** An object of Kubernetes that a database consists of. Its namespace and marks are written by who applies it. */
export interface DatabaseObject {
  apiVersion: string;
  kind: 'Service' | 'StatefulSet';
  metadata: { name: string };
  spec: object;
}

/** How services reach a database. */
export interface DatabaseConnection {
  host: string;
  port: number;
  database: string;
  user: string;
}

/** What a new database is filled with. */
export interface Seed {
  path: string;
  repository: string;
  /** Whole commit that it is read at */
  commit: string;
  /** Names what it holds: the same at two commits where nothing of it has changed between them */
  content: string;
  /** In bytes */
  size: number;
  /** Reads it from its beginning. */
  open(signal: AbortSignal): AsyncIterable<Buffer>;
  /** Lets go of what was fetched for it. */
  release(): Promise<void>;
}

/** What a database was filled with, as it says itself. */
export interface AppliedSeed {
  path: string;
  repository: string;
  commit: string;
  /** In bytes */
  size: number;
  appliedAt: Date;
}

/** Makes databases and takes them away. Everything can be done again after a crash: what is there is recognised. */
export interface DatabaseDriver {
  /** Where it is going to be; known before it is made. */
  connectionOf(request: DatabaseRequest): DatabaseConnection;
  /**
   * What it consists of, where it stands in its environment's own namespace. This is applied before `provide`, which is
   * called anew whenever it becomes ready or ceases to be; it is put back where somebody changes it, and goes with the
   * namespace.
   *
   * @param admin.secret - name of a Secret in that namespace, whose key `password` only this driver is given
   */
  objects?(
    request: DatabaseRequest,
    admin: { secret: string },
  ): DatabaseObject[];
  /**
   * Makes the database with a role of its own that may use nothing else, or brings what is there to this password, and
   * seeds it, if that was not done before. A seed is applied whole or not at all, once in a database's life.
   *
   * @param options.admin - password that was made for `objects`, where the driver has these
   * @param options.seed - finds what to fill it with; asked only where that was not done before, and released by who asked
   * @param options.onProgress - told now and then how many bytes of the seed are through
   * @returns what it was filled with, now or before
   * @throws SeedRefusedError if the seed itself is wrong; anything else is tried again
   */
  provide(
    request: DatabaseRequest,
    options: {
      password: SecretValue;
      admin?: SecretValue;
      seed?: () => Promise<Seed>;
      signal: AbortSignal;
      onProgress(doneBytes: number): void;
    },
  ): Promise<AppliedSeed | undefined>;
  /** Takes away all databases and roles of an environment, with whoever is connected. Nothing there is well too. */
  removeAll(of: EnvironmentIdentity, signal: AbortSignal): Promise<void>;
  /** All that this driver holds outside of the environments' own namespaces, of environments of any cluster. */
  holdings(signal: AbortSignal): Promise<DatabaseHolding[]>;
}

/** What a driver holds of an environment, with the cluster where that is noted down. */
export interface DatabaseHolding extends EnvironmentIdentity {
  /** Of the databases and roles, in the order of the alphabet */
  names: string[];
}

/** The database will not have this seed, however often it is tried. */
export class SeedRefusedError extends Error {
  readonly name = 'SeedRefusedError';
  /** Of the file, counted from 1 */
  readonly line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}
