import { CommandDefinition } from '../command';
import { listAccess } from './access/list';
import { auditCommands } from './audit';
import { build } from './build/build';
import { completion } from './completion/completion';
import { deployCommands } from './deploy';
import { deploymentCommands } from './deployment';
import { deviationCommands } from './deviation';
import { dependents } from './dependents/dependents';
import { environmentCommands } from './env';
import { metricsCommands } from './metrics';
import { sandboxCommands } from './sandbox';
import { secretCommands } from './secrets';
import { create } from './service/create';
import { list } from './service/list';
import { show } from './service/show';
import { versions } from './service/versions';
import { whoami } from './whoami/whoami';

/** Every command of the platform, in the order that help lists them. */
export const commands: CommandDefinition[] = [
  create,
  list,
  show,
  versions,
  dependents,
  ...deployCommands,
  ...deploymentCommands,
  ...deviationCommands,
  ...environmentCommands,
  ...secretCommands,
  build,
  ...metricsCommands,
  ...auditCommands,
  listAccess,
  ...sandboxCommands,
  whoami,
  completion,
];
