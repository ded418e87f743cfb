import { CommandDefinition } from '../../command';
import { createEnvironment } from './create';
import { deleteEnvironment } from './delete';
import { extendEnvironment } from './extend';
import { listLeftovers } from './leftovers';
import { listEnvironments } from './list';
import { logsOfEnvironment } from './logs';
import { openEnvironment } from './open';
import { listPullRequests } from './pullRequests';
import { removeLeftover } from './removeLeftover';
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
  listLeftovers,
  removeLeftover,
];
