import { CommandDefinition } from '../../command';
import { addDeviation } from './add';
import { endDeviation } from './end';
import { listDeviations } from './list';

const all: CommandDefinition[] = [addDeviation, listDeviations, endDeviation];

/** Whatever of them goes wrong leads to a page that helps. */
export const deviationCommands = all.map(
  (command): CommandDefinition => ({
    ...command,
    runbook: 'deployment-failed',
  }),
);
