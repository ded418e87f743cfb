import { Command, InvalidArgumentError } from 'commander';

/** Of commands that apply manifests: they are refused otherwise, where somebody changed by hand what these say. */
export const TAKE_OVER = [
  '--take-over',
  'take fields that somebody else manages, as by a change by hand',
] as const;

export const DRY_RUN = [
  '--dry-run',
  'check it and say what would change; change nothing',
] as const;

/** For the numbers of delivery, which count both. */
export const FIXES = [
  '--fixes <id>',
  'the earlier deployment there that it repairs, as in "platform deployment list"',
] as const;
export const UNPLANNED = [
  '--unplanned',
  'it repairs something that users met',
] as const;

/** Options of commands that begin something and wait for its end. */
export function withWaiting(command: Command): Command {
  return command
    .option('--reason <text>', 'why, for the record')
    .option('--no-wait', 'return as soon as it is begun')
    .option('--timeout <seconds>', 'how long to wait', seconds, 900);
}

/** @throws InvalidArgumentError for what is no whole number of seconds */
export function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('Use a whole number of seconds.');
  }
  return value;
}
