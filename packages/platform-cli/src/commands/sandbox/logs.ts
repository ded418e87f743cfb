import type { SandboxPaths } from '@highroad/sandbox';
import { InvalidArgumentError } from 'commander';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { untilInterrupted } from '../../watching/untilInterrupted';
import { StateOption, withState } from './options';
import { loadSandbox, sandboxHere } from './sandboxHere';

interface Options extends StateOption {
  lines: number;
  follow?: boolean;
}

export const logs: CommandDefinition = {
  path: ['sandbox', 'logs'],
  summary: 'Print what a server says',
  examples: [
    'platform sandbox logs vault',
    'platform sandbox logs kube-apiserver --follow',
    'platform sandbox logs supervisor --lines 20',
  ],
  configure: command =>
    withState(command)
      .argument('<server>', 'as in "platform sandbox status", or supervisor')
      .option('--lines <n>', 'how many of the last lines', count, 100)
      .option('-f, --follow', 'go on printing until interrupted'),
  async run({ output }: CommandContext, ...args: [string, Options]) {
    const [server, options] = args;
    if (options.follow && output.json) {
      throw new CliError('--json and --follow do not go together.', {
        exitCode: exitCodes.usage,
      });
    }
    const { paths } = sandboxHere(options.state);
    const file = paths.log(server);
    await requireLog(server, paths);
    const text = await readFile(file, 'utf8');
    const all = text.replace(/\n$/, '').split('\n');
    const lines = text === '' ? [] : all.slice(-options.lines);
    output.answer({ server, file, lines }, () => lines.join('\n'));
    if (options.follow) await follow(file, Buffer.byteLength(text), output);
  },
};

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('Use a number from 1 on.');
  }
  return value;
}

/** Only a name that stands in the folder is a server's: nothing leads out of it. */
async function requireLog(server: string, paths: SandboxPaths): Promise<void> {
  const names = await loadSandbox().logNames(paths);
  if (names.includes(server)) return;
  throw new CliError(`There is no log of "${server}".`, {
    why:
      names.length > 0
        ? `There are logs of ${names.sort().join(', ')}.`
        : 'This sandbox has never been started.',
    fix: names.length > 0 ? undefined : 'Start it: platform sandbox start',
    exitCode: exitCodes.notFound,
  });
}

async function follow(
  file: string,
  from: number,
  output: CommandContext['output'],
): Promise<void> {
  await untilInterrupted(async signal => {
    let at = from;
    while (!signal.aborted) {
      const { size } = await stat(file);
      // A server that is started again begins its log anew.
      if (size < at) at = 0;
      if (size > at) {
        const stream = createReadStream(file, { start: at, end: size - 1 });
        for await (const chunk of stream) output.raw(String(chunk));
        at = size;
      }
      await sleep(300, undefined, { signal }).catch(() => {});
    }
  });
}
