import { spawn } from 'node:child_process';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { phaseText } from './words';

interface Options {
  namespace?: string;
  print?: boolean;
}

export const openEnvironment: CommandDefinition = {
  path: ['env', 'open'],
  summary: 'Open an environment in your browser',
  examples: [
    'platform env open pr-1234',
    'platform env open pr-1234 api --print',
  ],
  configure: command =>
    command
      .argument('<name>', 'as in "platform env list"')
      .argument('[service]', 'the first public one if left out')
      .option('--print', 'only say where it is')
      .option(
        '--namespace <name>',
        'of its resource, where several have the name',
      ),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, string | undefined, Options]
  ) {
    const [name, service, options] = args;
    const connected = await portal();
    const { environment } = await connected.environments.get({
      name,
      ...(options.namespace && { home: options.namespace }),
    });
    const url = service
      ? environment.services.find(one => one.name === service)?.url
      : environment.url;
    if (!url) {
      throw new CliError(
        service
          ? `${service} of ${name} has no address.`
          : `${name} has no address yet.`,
        {
          why: `${phaseText(environment.phase)}: ${environment.message}`,
          fix: `See all of it: platform env show ${name}`,
          exitCode: exitCodes.notFound,
        },
      );
    }
    if (!options.print && !output.json) openInBrowser(url);
    output.answer({ url }, () => url);
  },
};

/** Where no browser can be opened, the address that is printed is enough. */
function openInBrowser(url: string): void {
  const programs: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  };
  const [program, ...args] = programs[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], {
    stdio: 'ignore',
    detached: true,
  });
  child.once('error', () => {});
  child.unref();
}
