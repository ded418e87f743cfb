import { Connection } from '../connection/schema';
import { Leaves } from '../machine/marked';
import { SandboxPaths } from '../machine/paths';
import type { Elsewhere } from './elsewhere';

/** A prepared program, from the cache or from the machine. */
export interface PreparedProgram {
  name: string;
  version: string;
  source: 'cache' | 'machine';
  /** Path of a binary */
  binary(name: string): string;
  /** Path of a folder that belongs to the program */
  asset(name: string): string;
}

/** What a server is given to work with. */
export interface ServerContext {
  paths: SandboxPaths;
  connection: Connection;
  /** A program that the server named in `programs` */
  program(name: string): PreparedProgram;
  /** Ends when the sandbox is stopped */
  signal: AbortSignal;
}

/** How a process is started. */
export interface ServerCommand {
  command: string;
  args: string[];
  /** On top of a small environment: PATH, HOME, TMPDIR */
  env?: Record<string, string>;
  cwd?: string;
  /** Runs as this user and group instead of root */
  uid?: number;
}

/**
 * One server of the sandbox: what it needs, how it is started, when it answers, and what it leaves behind.
 * All of it can be done again: after a crash, a kill, or on top of a kept state.
 */
export interface ServerDefinition {
  name: string;
  /** What it is for, in a few words */
  title: string;
  /** Pins of the programs that it runs; see upstream/programs.ts */
  programs: string[];
  /** Servers that have to answer before this one is started; it is stopped before them */
  needs: string[];
  /** `elsewhere` where it is not ours to start and stop */
  origin?: 'elsewhere';
  /** Left out where that server runs elsewhere */
  withoutElsewhere?: keyof Elsewhere;
  /** Only on this kind of node */
  node?: 'simulated' | 'real';
  /** Where it listens, for people */
  address?(connection: Connection): string | undefined;
  /** Makes files and folders before the process starts. */
  setUp?(context: ServerContext): Promise<void>;
  /** Its process; without one, the server is what `configure` makes of others. */
  command?(context: ServerContext): Promise<ServerCommand> | ServerCommand;
  /** Whether it answers. Not called before the process runs. */
  ready(context: ServerContext): Promise<boolean>;
  /** Longest time to the first answer, in seconds */
  readyWithinSeconds?: number;
  /** Sets it up through its own interface, after it answers and before those that need it start. */
  configure?(context: ServerContext): Promise<void>;
  /** Done first when the sandbox is stopped, while all that it needs still answers. */
  beforeStop?(context: ServerContext): Promise<void>;
  /** Takes away what the ended process left on the machine; also after a kill, and when nothing is there. */
  tearDown?(context: ServerContext): Promise<void>;
  /**
   * Which processes that it starts are to live on when it ends, by their command line: not for good, but until
   * {@link tearDown}. All others end with it.
   */
  leaves?: Leaves;
  /** Ends it well; SIGTERM by default */
  stopSignal?: NodeJS.Signals;
  stopWithinSeconds?: number;
}
