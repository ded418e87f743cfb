import { CommandDefinition } from '../../command';
import { deploy } from './deploy';
import { promote } from './promote';
import { rollback } from './rollback';
import { status } from './status';

const all: CommandDefinition[] = [deploy, status, rollback, promote];

/** Whatever of them goes wrong leads to a page that helps. */
export const deployCommands = all.map(
  (command): CommandDefinition => ({
    ...command,
    runbook: 'deployment-failed',
  }),
);
