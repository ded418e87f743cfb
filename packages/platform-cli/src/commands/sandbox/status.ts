import { isBroken } from '@highroad/plugin-sandbox-common';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { StateOption, withState } from './options';
import { loadSandbox, sandboxHere } from './sandboxHere';
import { statusInWords } from './statusWords';

export const status: CommandDefinition = {
  path: ['sandbox', 'status'],
  summary: 'Say which servers answer, where, and what is wrong',
  examples: ['platform sandbox status', 'platform sandbox status --json'],
  configure: withState,
  async run({ output }: CommandContext, ...[options]: [StateOption]) {
    const client = sandboxHere(options.state);
    const now = await client.status();
    if (!now) throw notRunning(client.paths.state);
    const { readConnection } = loadSandbox();
    const connection = await readConnection(client.paths);
    const places = connection && {
      kubeconfig: connection.kubernetes.kubeconfig,
      connection: client.paths.connection,
    };
    output.answer({ ...now, ...places }, () =>
      statusInWords(now, places, output),
    );
    const broken = now.servers.filter(isBroken);
    if (broken.length > 0) {
      throw new CliError(
        `Not well: ${broken.map(server => server.name).join(', ')}.`,
        {
          fix: `See what it says: platform sandbox logs ${broken[0].name}`,
          runbook: 'sandbox-server-does-not-answer',
        },
      );
    }
  },
};

export function notRunning(state: string): CliError {
  return new CliError('The sandbox is not running.', {
    why: `No supervisor runs for ${state}.`,
    fix: 'Start it: platform sandbox start',
    exitCode: exitCodes.unreachable,
  });
}
