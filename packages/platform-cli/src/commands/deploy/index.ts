import { CommandDefinition } from '../../command';
import { deploy } from './deploy';
import { promote } from './promote';
import { rollback } from './rollback';
import { status } from './status';

export const deployCommands: CommandDefinition[] = [
  deploy,
  status,
  rollback,
  promote,
];
