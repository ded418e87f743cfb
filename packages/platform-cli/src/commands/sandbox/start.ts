import { isBroken, SandboxStatus } from '@highroad/plugin-sandbox-common';
import type { SandboxClient } from '@highroad/sandbox';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { untilInterrupted } from '../../watching/untilInterrupted';
import { followSandbox } from './follow';
import { NodeChoice, nodeOption, StateOption, withState } from './options';
import { loadSandbox, sandboxHere } from './sandboxHere';
import { statusInWords } from './statusWords';

interface Options extends StateOption {
  node: NodeChoice;
  only?: string[];
  wait: boolean;
}

export const start: CommandDefinition = {
  path: ['sandbox', 'start'],
  summary: 'Start the servers, and follow until all of them answer',
  examples: [
    'platform sandbox start',
    'platform sandbox start --node simulated',
    'platform sandbox start --only vault postgres --no-wait',
  ],
  configure: command =>
    withState(command)
      .addOption(nodeOption())
      .option('--only <servers...>', 'only these, and what they need')
      .option('--no-wait', 'return as soon as they are being started'),
  async run({ output }: CommandContext, ...[options]: [Options]) {
    const client = sandboxHere(options.state);
    const started = await client.start([
      `--node=${options.node}`,
      ...(options.only ? ['--only', ...options.only] : []),
    ]);
    if (!output.json) {
      output.note(
        started ? 'Starting the sandbox' : 'The sandbox is running already',
      );
    }
    if (!options.wait) {
      const now = await client.status();
      output.answer(now, () => 'How it is doing: platform sandbox status');
      return;
    }
    const last = await follow(client, output);
    await answer(client, last, output);
  },
};

/** Watching can be interrupted; the sandbox goes on by itself. */
async function follow(
  client: SandboxClient,
  output: Output,
): Promise<SandboxStatus> {
  const last = await untilInterrupted(
    async signal => {
      try {
        return await followSandbox(client, output, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        throw new CliError('You stopped watching; the sandbox goes on.', {
          fix: 'See how it is doing: platform sandbox status. Stop it: platform sandbox stop',
          exitCode: exitCodes.interrupted,
        });
      }
    },
    ['SIGINT', 'SIGTERM'],
  );
  if (last) return last;
  throw new CliError('The sandbox has ended.', {
    why: 'It was stopped, or its supervisor failed.',
    fix: `Read ${client.paths.log('supervisor')}, and start it again.`,
    runbook: 'sandbox-server-does-not-answer',
  });
}

async function answer(
  client: SandboxClient,
  last: SandboxStatus,
  output: Output,
): Promise<void> {
  const { readConnection } = loadSandbox();
  const connection = await readConnection(client.paths);
  const places = connection && {
    kubeconfig: connection.kubernetes.kubeconfig,
    connection: client.paths.connection,
  };
  output.answer(
    { ...last, ...places },
    () => `\n${statusInWords(last, places, output)}`,
  );
  const broken = last.servers.filter(isBroken);
  if (broken.length === 0) return;
  throw new CliError(
    `Some servers do not answer: ${broken.map(one => one.name).join(', ')}.`,
    {
      why: 'The others do, and can be used.',
      fix: `See what it says: platform sandbox logs ${broken[0].name}`,
      runbook: 'sandbox-server-does-not-answer',
    },
  );
}
