import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where this package keeps its own files, in the checkout. */
// It is run from the checkout only: its Go modules and programs are files beside its sources.
// eslint-disable-next-line no-restricted-syntax
export const PACKAGE = resolve(__dirname, '../..');

/** What can be made again, shared by all checkouts of this person. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base =
    env.HIGHROAD_CACHE ??
    join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'highroad');
  return join(base, 'sandbox');
}

/** The folders of one sandbox. All of it is its owner's alone. */
export class SandboxPaths {
  readonly state: string;
  readonly cache: string;

  /**
   * @param state - folder of this sandbox, such as `.highroad/sandbox`
   * @param cache - folder of the prepared programs
   */
  constructor(state: string, cache: string = cacheFolder()) {
    this.state = resolve(state);
    this.cache = resolve(cache);
  }

  /** What a server keeps: survives a stop, is cleared by a reset. */
  data(server: string, ...path: string[]): string {
    return join(this.state, 'data', server, ...path);
  }

  /** Keys, certificates and configuration made from the credentials; made anew at each start. */
  run(...path: string[]): string {
    return join(this.state, 'run', ...path);
  }

  log(server: string): string {
    return join(this.state, 'logs', `${server}.log`);
  }

  /** Who runs: the supervisor's address and process. */
  get supervisor(): string {
    return join(this.state, 'supervisor.json');
  }

  /** The processes started and not yet seen to end, for whoever has to clean up after a supervisor that was killed. */
  get journal(): string {
    return join(this.state, 'processes.json');
  }

  /** Addresses and credentials of all servers. */
  get connection(): string {
    return join(this.state, 'connection.json');
  }

  /** Configuration that connects a portal to this sandbox. */
  get portalConfig(): string {
    return join(this.state, 'app-config.sandbox.yaml');
  }
}
