import { readFile } from 'node:fs/promises';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { readStdin } from '../secrets/stdin';
import { bringPullRequest } from './bringPullRequest';
import { followEnvironment } from './followEnvironment';
import { secondsIn } from './show';
import { environmentText } from './words';

interface Options {
  file?: string;
  pullRequest?: string;
  owner?: string;
  wait: boolean;
  timeout: string;
}

export const createEnvironment: CommandDefinition = {
  path: ['env', 'create'],
  summary:
    'Create a preview environment from a manifest or a pull request, or change one',
  examples: [
    'platform env create -f platform/environments/preview.yaml',
    'platform env create -f preview.yaml --owner shop --no-wait --json',
    'platform env create --pull-request https://github.com/acme/cart/pull/12',
  ],
  configure: command =>
    command
      .option('-f, --file <path>', 'the manifest; "-" reads it from the input')
      .option(
        '--pull-request <address>',
        'of its page, instead of a manifest: the environment that it asks for',
      )
      .option(
        '--owner <group>',
        'whose it is, where the manifest does not say; yours if you are in one group',
      )
      .option('--wait', 'until it is ready, as is done anyway', true)
      .option('--no-wait', 'answer at once')
      .option('--timeout <seconds>', 'how long to wait', '600'),
  async run({ output, portal }: CommandContext, options: Options) {
    const source = sourceOf(options);
    const timeout = secondsIn(options.timeout);
    if ('pullRequest' in source) {
      await bringPullRequest({ output, portal }, source.pullRequest, {
        ...{ timeout, wait: options.wait },
      });
      return;
    }
    const manifest = await readManifest(source.file);
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

function sourceOf({
  file,
  owner,
  pullRequest,
}: Options): { file: string } | { pullRequest: string } {
  if (pullRequest && !file && !owner) return { pullRequest };
  if (file && !pullRequest) return { file };
  throw new CliError('It is not said what to create.', {
    why: pullRequest
      ? 'What a pull request gets, and whose it is, is said by its own manifest.'
      : undefined,
    fix: 'Give either -f with a manifest, or --pull-request alone.',
    exitCode: exitCodes.usage,
  });
}

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
