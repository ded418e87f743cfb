import { Command, Option } from 'commander';

/** Which sandbox; every command of `platform sandbox` that looks at one has it. */
export function withState(command: Command): Command {
  return command.option(
    '--state <folder>',
    'folder of the sandbox; .highroad/sandbox of this checkout if left out',
  );
}

export interface StateOption {
  state?: string;
}

export type NodeChoice = 'auto' | 'simulated' | 'real';

export const nodeOption = () =>
  new Option(
    '--node <kind>',
    'whether pods really run; auto does where this machine can',
  )
    .choices(['auto', 'simulated', 'real'])
    .default('auto');
