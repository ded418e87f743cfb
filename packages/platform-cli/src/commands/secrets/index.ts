import { CommandDefinition } from '../../command';
import { deleteSecret, restoreSecret, undeleteSecret } from './change';
import { diff } from './diff';
import { getSecret } from './get';
import { history } from './history';
import { importSecrets } from './import';
import { listSecrets } from './list';
import { reveal } from './reveal';
import { listRotations, rotateSecret } from './rotate';
import { runWithSecrets } from './run';
import { setSecret } from './set';

const all: CommandDefinition[] = [
  setSecret,
  listSecrets,
  getSecret,
  history,
  reveal,
  importSecrets,
  diff,
  runWithSecrets,
  rotateSecret,
  listRotations,
  restoreSecret,
  deleteSecret,
  undeleteSecret,
];

/** Whatever of them goes wrong leads to a page that helps. */
export const secretCommands = all.map(
  (command): CommandDefinition => ({ ...command, runbook: 'secret-refused' }),
);
