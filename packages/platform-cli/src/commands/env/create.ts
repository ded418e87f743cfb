import { readFile } from 'node:fs/promises';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { readStdin } from '../secrets/stdin';
import { followEnvironment } from './followEnvironment';
import { secondsIn } from './show';
import { environmentText } from './words';

interface Options {
  file: string;
  owner?: string;
  wait: boolean;
  timeout: string;
}

export const createEnvironment: CommandDefinition = {
  path: ['env', 'create'],
  summary: 'Create a preview environment from a manifest, or change one',
  examples: [
    'platform env create -f platform/environments/preview.yaml',
    'platform env create -f preview.yaml --owner shop --no-wait --json',
  ],
  configure: command =>
    command
      .requiredOption(
        '-f, --file <path>',
        'the manifest; "-" reads it from the input',
      )
      .option(
        '--owner <group>',
        'whose it is, where the manifest does not say; yours if you are in one group',
      )
      .option('--no-wait', 'answer at once')
      .option('--timeout <seconds>', 'how long to wait', '600'),
  async run({ output, portal }: CommandContext, options: Options) {
    const manifest = await readManifest(options.file);
    const timeout = secondsIn(options.timeout);
    const connected = await portal();
    const answer = await connected.environments.create({
      manifest,
      ...(options.owner && { owner: options.owner }),
    });
    const { name } = answer.environment;
    if (!options.wait) {
      output.answer(
        answer,
        () =>
          `${name} is ${answer.outcome}.\nSee it: platform env show ${name}`,
      );
      return;
    }
    if (!output.json) output.note(`${name} is ${answer.outcome}.`);
    const environment = await followEnvironment(
      connected,
      answer.environment,
      output,
      { timeout },
    );
    output.answer({ ...answer, environment }, () =>
      [
        environmentText(environment, new Date()),
        `Open it: platform env open ${name}`,
      ].join('\n'),
    );
  },
};

async function readManifest(file: string): Promise<string> {
  if (file === '-') return (await readStdin()).toString('utf8');
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`The manifest ${file} can't be read.`, {
      why: error instanceof Error ? error.message : undefined,
      fix: 'Name a file that is there with -f.',
      exitCode: exitCodes.usage,
    });
  }
}
