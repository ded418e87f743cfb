import { CommandDefinition } from '../../command';
import { exportRecords } from './export';
import { search } from './search';
import { tail } from './tail';
import { verify } from './verify';

export const auditCommands: CommandDefinition[] = [
  search,
  verify,
  exportRecords,
  tail,
];
