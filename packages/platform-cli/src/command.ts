import { Command } from 'commander';
import { Output } from './output/Output';
import { Portal } from './portal/Portal';

/** What a command is given besides its own arguments and options. */
export interface CommandContext {
  output: Output;
  /** Connects to the portal; throws what to do when there is none. */
  portal: () => Promise<Portal>;
}

/** One command: where it stands, how it is called, and what it does. */
export interface CommandDefinition {
  /** `['service', 'create']` for `platform service create` */
  path: string[];
  summary: string;
  /** Shown first in its help; whole command lines */
  examples: string[];
  /** The page of docs/runbooks for what is refused, if there is one: errors that name none lead there */
  runbook?: string;
  /** Adds arguments and options. */
  configure(command: Command): Command;
  /** @param args - the arguments in their order, then an object with the options */
  run(context: CommandContext, ...args: never[]): Promise<void>;
}
