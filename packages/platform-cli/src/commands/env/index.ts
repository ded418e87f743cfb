import { CommandDefinition } from '../../command';
import { createEnvironment } from './create';
import { deleteEnvironment } from './delete';
import { extendEnvironment } from './extend';
import { listEnvironments } from './list';
import { logsOfEnvironment } from './logs';
import { openEnvironment } from './open';
import { listPullRequests } from './pullRequests';
import { showEnvironment } from './show';

export const environmentCommands: CommandDefinition[] = [
  createEnvironment,
  listEnvironments,
  showEnvironment,
  extendEnvironment,
  logsOfEnvironment,
  openEnvironment,
  listPullRequests,
  deleteEnvironment,
];
