import { CommandDefinition } from '../../command';
import { approveDeployment, cancelDeployment } from './decide';
import { listDeployments } from './list';
import { showDeployment } from './show';
import {
  abortDeployment,
  pauseDeployment,
  resumeDeployment,
  skipDeployment,
} from './steer';

export const deploymentCommands: CommandDefinition[] = [
  listDeployments,
  showDeployment,
  pauseDeployment,
  resumeDeployment,
  skipDeployment,
  abortDeployment,
  cancelDeployment,
  approveDeployment,
];
