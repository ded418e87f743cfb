import { Command, InvalidArgumentError } from 'commander';

/** Options of commands that begin something and wait for its end. */
export function withWaiting(command: Command): Command {
  return command
    .option('--reason <text>', 'why, for the record')
    .option('--no-wait', 'return as soon as it is begun')
    .option('--timeout <seconds>', 'how long to wait', seconds, 900);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('Use a whole number of seconds.');
  }
  return value;
}
