import { Command, Option } from 'commander';
import { CommandContext, CommandDefinition } from './command';
import { commands } from './commands';

/** Signing in is the command-line auth module's; these are its short names. */
export const AUTH_COMMANDS: Record<string, string> = {
  login: 'Sign in to a portal through your browser',
  logout: 'Sign out of a portal',
};

const GROUPS: Record<string, string> = {
  service: 'Create and look at services',
  deployment: 'See what was brought where, and steer, stop or approve it',
  deviation: 'Lift a guardrail for a service for a while, with a reason',
  env: 'Have environments made on demand, look into them, and end them',
  secrets: 'Set secrets of services, and bring them to where these run',
  metrics: 'See how delivery is doing, and add its history',
  audit: 'See who did what, and whether the records are as they were written',
  access: 'See what can be done, and what it takes',
  sandbox: 'Run real servers on this machine, to try things with',
};

/**
 * The whole command tree.
 *
 * @param run - called with the definition that was chosen and what it was given
 */
export function buildProgram(
  version: string,
  run: (definition: CommandDefinition, args: unknown[]) => Promise<void>,
): Command {
  const program = new Command('platform')
    .description(
      'Create, deploy and roll back services, have environments made, and see what depends on what',
    )
    .version(version, '-V, --version')
    // Behind a command, --version is that command's: the version to deploy.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => writeError(text, write) })
    .addOption(global('--json', 'print the answer as JSON'))
    .addOption(global('--debug', 'print more when something fails'))
    .addOption(global('--no-color', 'print without colours'))
    .addHelpText('before', `Example\n  $ ${commands[0].examples[0]}\n`)
    .exitOverride();

  for (const definition of commands) {
    const parent = definition.path
      .slice(0, -1)
      .reduce((above, name) => group(above, name), program);
    const command = parent
      .command(definition.path[definition.path.length - 1])
      .description(definition.summary)
      // Before its own: one that takes values repeats less of what it was given.
      .configureOutput({
        outputError: (text, write) =>
          writeError(text, write, definition.path.join(' ')),
      });
    definition
      .configure(command)
      .addOption(global('--json', 'print the answer as JSON'))
      .addOption(global('--debug', 'print more when something fails'))
      .addHelpText('before', examples(definition))
      .showSuggestionAfterError()
      .exitOverride()
      .action((...args) => run(definition, withoutGlobal(args)));
  }
  for (const [name, summary] of Object.entries(AUTH_COMMANDS)) {
    program
      .command(name)
      .description(summary)
      .allowUnknownOption()
      .helpOption(false);
  }
  return program;
}

function group(parent: Command, name: string): Command {
  const existing = parent.commands.find(command => command.name() === name);
  if (existing) return existing;
  return parent
    .command(name)
    .description(GROUPS[name] ?? '')
    .addHelpText('before', exampleOfGroup(name))
    .showSuggestionAfterError()
    .exitOverride();
}

function exampleOfGroup(name: string): string {
  const first = commands.find(({ path }) => path[0] === name);
  return first ? examples({ examples: first.examples.slice(0, 1) }) : '';
}

/** In the shape of every other error of ours: what happened, then what to do. */
function writeError(
  text: string,
  write: (text: string) => void,
  command?: string,
) {
  const [what, ...hints] = text
    .replace(/^error: /, '')
    .trim()
    .split('\n');
  write(`✖ ${what}\n`);
  if (hints.length === 0 && what.startsWith('unknown command')) {
    hints.push('See what there is: platform --help');
  }
  if (hints.length === 0 && command) {
    hints.push(`See how it is called: platform ${command} --help`);
  }
  for (const hint of hints) {
    write(`  → ${hint.replace(/^\((.*)\)$/, '$1')}\n`);
  }
}

/** What holds for every command is read where output is made; a command gets its own options only. */
function withoutGlobal(args: unknown[]): unknown[] {
  return args.map(arg => {
    const isOptions =
      typeof arg === 'object' &&
      arg !== null &&
      !Array.isArray(arg) &&
      !(arg instanceof Command);
    if (!isOptions) return arg;
    const own = Object.entries(arg).filter(
      ([name]) => !['json', 'debug'].includes(name),
    );
    return Object.fromEntries(own);
  });
}

function global(flags: string, description: string): Option {
  return new Option(flags, description);
}

function examples(definition: Pick<CommandDefinition, 'examples'>): string {
  const lines = definition.examples.map(example => `  $ ${example}`);
  return `Example${lines.length > 1 ? 's' : ''}\n${lines.join('\n')}\n`;
}

export type { CommandContext };
