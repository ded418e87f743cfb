import { CommandDefinition } from '../../command';
import { addDeviation } from './add';
import { endDeviation } from './end';
import { listDeviations } from './list';

export const deviationCommands: CommandDefinition[] = [
  addDeviation,
  listDeviations,
  endDeviation,
];
