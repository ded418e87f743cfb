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

const all: CommandDefinition[] = [
  listDeployments,
  showDeployment,
  pauseDeployment,
  resumeDeployment,
  skipDeployment,
  abortDeployment,
  cancelDeployment,
  approveDeployment,
];

/** Whatever of them goes wrong leads to a page that helps. */
export const deploymentCommands = all.map(
  (command): CommandDefinition => ({
    ...command,
    runbook: 'deployment-failed',
  }),
);
