import { explainServiceName } from '@highroad/plugin-create-common';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Portal } from '../../portal/Portal';
import { completeAnswers } from './answers';
import { followCreation } from './followCreation';
import { fileTree } from './fileTree';

interface Options {
  type?: string;
  language?: string;
  database?: string;
  owner?: string;
  system?: string;
  description?: string;
  delivery?: string;
  gitHost?: string;
  gitOwner?: string;
  visibility?: string;
  set: Record<string, string>;
  template: string;
  dryRun?: boolean;
  wait: boolean;
}

export const create: CommandDefinition = {
  path: ['service', 'create'],
  summary: 'Create a service: repository, CI, manifests, dashboard, docs',
  examples: [
    'platform service create my-service --type api --language go --database postgres',
    'platform service create my-service --type web --language typescript --owner web-team --dry-run',
  ],
  configure: command =>
    command
      .argument(
        '[name]',
        'lower-case words joined by "-"; asked for if missing',
      )
      .option('--type <type>', 'api, worker or web')
      .option('--language <language>', 'go, typescript or python')
      .option('--database <database>', 'none or postgres')
      .option('--owner <team>', 'who operates it; default: your team')
      .option('--system <system>', 'what it is a part of')
      .option('--description <text>', 'one line on what it does')
      .option('--delivery <strategy>', 'rolling, canary or blue-green')
      .option('--git-host <host>', 'where the repository goes')
      .option('--git-owner <name>', 'organisation or user there')
      .option('--visibility <visibility>', 'private or public')
      .option(
        '--set <key=value>',
        'any other answer of the template; can be repeated',
        collect,
        {},
      )
      .option('--template <name>', 'another template', 'service')
      .option('--dry-run', 'only show what would be created')
      .option('--no-wait', 'return as soon as the creation has begun'),
  async run(context: CommandContext, ...args: [string | undefined, Options]) {
    const [given, options] = args;
    const portal = await context.portal();
    const { template, dryRun, wait, set, ...flags } = options;
    const values = await completeAnswers(
      portal,
      template,
      { name: given, ...set, ...flags },
      context.output,
    );
    const name = String(values.name);
    const templateRef = `template:default/${template}`;

    // Said at once, rather than by a creation that fails.
    const { problem, field } = await portal.create.checkName(name, {
      gitHost: options.gitHost,
      gitOwner: options.gitOwner,
      owner: String(values.owner),
      system: options.system,
    });
    if (problem && (field === 'owner' || field === 'system')) {
      throw new CliError(`--${field} cannot be "${values[field]}".`, {
        why: problem,
        fix: `Leave out --${field}, or take one that is there: ${portal.page(
          `/catalog?filters[kind]=${field === 'owner' ? 'group' : 'system'}`,
        )}`,
        runbook: 'create-name-taken',
        exitCode: exitCodes.usage,
      });
    }
    if (problem) {
      throw new CliError(`There cannot be a new "${name}".`, {
        why: problem,
        runbook: 'create-name-taken',
        exitCode: explainServiceName(name)
          ? exitCodes.usage
          : exitCodes.conflict,
      });
    }

    if (dryRun) {
      await preview(context, portal, { templateRef, values });
      return;
    }
    const begin = () => portal.tasks.start(templateRef, values);
    if (!wait) {
      const id = await begin();
      const page = portal.page(`/create/tasks/${id}`);
      context.output.answer(
        { task: id, page },
        () => `Creating ${name}.\nFollow it at ${page}`,
      );
      return;
    }
    await created(context, portal, begin, name);
  },
};

async function preview(
  { output }: CommandContext,
  portal: Portal,
  request: { templateRef: string; values: Record<string, unknown> },
): Promise<void> {
  const { files, output: links } = await portal.create.preview(request);
  output.answer({ dryRun: true, values: request.values, files }, () =>
    [
      output.paint.bold(
        `${files.length} files would be created at ${links.repositoryUrl}`,
      ),
      fileTree(files.map(file => file.path)),
      '',
      'Nothing was created. Leave out --dry-run to create it.',
    ].join('\n'),
  );
}

async function created(
  { output }: CommandContext,
  portal: Portal,
  begin: () => Promise<string>,
  name: string,
): Promise<void> {
  const { id, result } = await followCreation(portal, begin, output);
  const catalogUrl = portal.page(`/catalog/default/component/${name}`);
  const answer = {
    name,
    entityRef: `component:default/${name}`,
    repositoryUrl: String(result.repositoryUrl ?? ''),
    catalogUrl,
    image: String(result.image ?? ''),
    cloneUrl: String(result.cloneUrl ?? ''),
    task: id,
  };
  output.answer(answer, () =>
    [
      output.paint.bold(`${name} is created.`),
      `Repository  ${answer.repositoryUrl}`,
      `Catalog     ${catalogUrl}`,
      `Docs        ${portal.page(`/docs/default/component/${name}`)}`,
      '',
      `Next: git clone ${answer.cloneUrl} && cd ${name} && make test`,
    ].join('\n'),
  );
}

function collect(pair: string, all: Record<string, string>) {
  const equals = pair.indexOf('=');
  if (equals < 1) {
    throw new CliError(`--set takes key=value, not "${pair}".`, {
      exitCode: exitCodes.usage,
    });
  }
  return { ...all, [pair.slice(0, equals)]: pair.slice(equals + 1) };
}
