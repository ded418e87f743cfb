import { CommandDefinition } from '../../command';
import { pack, restore } from './archive';
import { check } from './check';
import { kubectl } from './kubectl';
import { logs } from './logs';
import { reset } from './reset';
import { start } from './start';
import { status } from './status';
import { stop } from './stop';

/** The sandbox of this machine; none of these needs a portal. */
export const sandboxCommands: CommandDefinition[] = [
  start,
  status,
  logs,
  kubectl,
  stop,
  reset,
  check,
  pack,
  restore,
];
