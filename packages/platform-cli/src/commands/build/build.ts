import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { untilInterrupted } from '../../watching/untilInterrupted';
import { loadSandbox, sandboxHere } from '../sandbox/sandboxHere';

interface Options {
  name?: string;
  tag?: string;
  file?: string;
  push?: boolean;
  state?: string;
}

export const build: CommandDefinition = {
  path: ['build'],
  summary: 'Build the image of a service from its own Dockerfile',
  examples: [
    'platform build',
    'platform build ../my-service --push',
    'platform build --name ghcr.io/acme/my-service --tag 1.4.2 --push',
  ],
  configure: command =>
    command
      .argument('[folder]', 'the service’s folder; this one if left out')
      .option(
        '--name <image>',
        'full name of the image, without a tag; one in the sandbox’s registry if left out',
      )
      .option('--tag <tag>', 'the commit if left out')
      .option('--file <dockerfile>', 'its Dockerfile if left out')
      .option('--push', 'push it to the registry in its name')
      .option('--state <folder>', 'folder of the sandbox whose registry it is'),
  async run(
    { output }: CommandContext,
    ...args: [string | undefined, Options]
  ) {
    const [folder, options] = args;
    const context = resolve(folder ?? '.');
    requireDockerfile(context, options.file);
    const name = options.name ?? (await nameInSandbox(context, options.state));
    const { buildFolder, cacheFolder } = loadSandbox();
    const built = await untilInterrupted(signal =>
      buildFolder({
        folder: context,
        name,
        tag: options.tag,
        dockerfile: options.file,
        push: Boolean(options.push),
        cache: cacheFolder(),
        onLine: line => output.note(line),
        signal,
      }).catch(error => {
        throw failed(error, signal.aborted);
      }),
    );
    output.answer(built, () =>
      [
        ...built.names,
        ...(built.digest ? [`Digest ${built.digest}`] : []),
        ...(options.push
          ? []
          : [`Push it: platform build ${folder ?? ''} --push`]),
      ].join('\n'),
    );
  },
};

function requireDockerfile(folder: string, file: string | undefined): void {
  const path = resolve(folder, file ?? 'Dockerfile');
  if (existsSync(path)) return;
  throw new CliError(`There is no ${path}.`, {
    fix: 'Name the service’s folder: platform build <folder>',
    exitCode: exitCodes.notFound,
  });
}

/** Under the organisation of the sandbox, where the builder pushes too. */
async function nameInSandbox(
  folder: string,
  state: string | undefined,
): Promise<string> {
  const { readConnection } = loadSandbox();
  const { paths } = sandboxHere(state);
  const connection = await readConnection(paths);
  if (!connection) {
    throw new CliError('The image needs a name.', {
      why: 'There is no sandbox whose registry it could be in.',
      fix: 'Name it: platform build --name <registry>/<owner>/<service>. Or start a sandbox: platform sandbox start',
      exitCode: exitCodes.usage,
    });
  }
  const service = basename(folder).toLowerCase();
  return `${connection.registry.host}/${connection.gitea.organization}/${service}`;
}

function failed(error: unknown, interrupted: boolean): unknown {
  if (interrupted) {
    return new CliError('Interrupted.', { exitCode: exitCodes.interrupted });
  }
  if (!(error instanceof Error)) return error;
  return new CliError('The image could not be built.', {
    why: error.message,
    runbook: 'sandbox-build-fails',
  });
}
