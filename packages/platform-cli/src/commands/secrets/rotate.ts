import { stringifyEntityRef } from '@backstage/catalog-model';
import { howOften, Rotation } from '@highroad/plugin-secrets-common';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { table } from '../../output/table';
import { resolveService } from '../service/resolveService';
import { answerChanged } from './changed';
import { resolveSecret } from './name';
import { readSettings, readWindow } from './rotationRule';
import { wholeNumber } from './wholeNumber';

interface Options {
  env: string;
  every?: number;
  cron?: string;
  timeZone?: string;
  window?: { from: string; to: string };
  generator?: string;
  set?: Record<string, string>;
  overlap?: number;
  stop?: boolean;
  ifVersion?: number;
  length: number;
  alphabet: 'alphanumeric' | 'hex' | 'url-safe';
  reason?: string;
}

export const rotateSecret: CommandDefinition = {
  path: ['secrets', 'rotate'],
  summary:
    'Replace a secret by a value that nobody sees, now or every so often',
  examples: [
    'platform secrets rotate my-service/SESSION_KEY --env staging',
    'platform secrets rotate my-service/SESSION_KEY --env production --every 90d',
    'platform secrets rotate my-service/DATABASE_URL --env production --every 30d --generator postgres',
    'platform secrets rotate my-service/SESSION_KEY --env production --stop',
  ],
  configure: (command: Command) =>
    command
      .argument('<secret>', 'service and key: my-service/SESSION_KEY')
      .requiredOption('--env <name>', 'where')
      .option('--every <days>', 'from now on, every so many days: 90d', days)
      .option('--cron <fields>', 'instead: when, such as "0 3 * * 0"')
      .option('--time-zone <name>', 'of --cron and --window; UTC if left out')
      .option('--window <from-to>', 'only at this time of day', readWindow)
      .option(
        '--generator <name>',
        'what makes the values: random (if left out), postgres, or another of the portal',
      )
      .option(
        '--set <name=value>',
        'what the generator needs to know, such as server=main',
        readSettings,
      )
      .option(
        '--overlap <hours>',
        'how long the value before goes on working, if both can; 24h if left out',
        hours,
      )
      .option('--stop', 'no longer replace it by itself')
      .option('--length <number>', 'of the value', Number, 32)
      .addOption(
        new Option('--alphabet <name>', 'what the value consists of')
          .choices(['alphanumeric', 'hex', 'url-safe'])
          .default('alphanumeric'),
      )
      .option(
        '--if-version <number>',
        'now, but only if its newest version is this one',
        wholeNumber,
      )
      .option('--reason <text>', 'why, for the record'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const { env: environment, every, cron, length, alphabet } = options;
    const { ifVersion, reason } = options;
    if (ifVersion !== undefined && (options.stop || every || cron)) {
      throw new CliError('--if-version is for replacing it now.', {
        why: 'From now on by itself, it is replaced whichever version it has by then.',
        fix: 'Leave --if-version out, or --every, --cron and --stop.',
        exitCode: exitCodes.usage,
      });
    }
    const connected = await portal();
    const { service, key } = await resolveSecret(connected, name);
    const path = { service, environment, key, reason };
    if (options.stop) {
      await connected.secrets.endRotation(path);
      output.answer({}, () => `✔ ${name} in ${environment} stays as it is.`);
      return;
    }
    if (every || cron) {
      const { generator, overlap, set: settings, timeZone, window } = options;
      const answer = await connected.secrets.setRotation({
        ...{ ...path, length, alphabet, cron, timeZone, window },
        ...{ generator, settings, everyDays: every, overlapHours: overlap },
      });
      output.answer(answer, () =>
        [
          `✔ ${name} in ${environment} is replaced ${howOften(
            answer.rotation,
          )}, next at ${answer.rotation.dueAt}.`,
          ...(answer.warnings ?? []).map(warning => `! ${warning}`),
        ].join('\n'),
      );
      return;
    }
    refuseRule(name, options);
    const changed = await connected.secrets.rotate({
      ...{ ...path, length, alphabet, ifVersion },
    });
    answerChanged(output, service, changed);
  },
};

export const listRotations: CommandDefinition = {
  path: ['secrets', 'rotations'],
  summary: 'Say which secrets of a service are replaced when',
  examples: ['platform secrets rotations my-service'],
  configure: command =>
    command.argument('<service>', 'as in "platform service list"'),
  async run({ output, portal }: CommandContext, ...args: [string]) {
    const [name] = args;
    const connected = await portal();
    const service = stringifyEntityRef(await resolveService(connected, name));
    const answer = await connected.secrets.rotations({ service });
    output.answer(answer, () =>
      answer.items.length === 0
        ? `No secret of ${name} is replaced by itself.`
        : table(
            ['KEY', 'ENVIRONMENT', 'BY', 'WHEN', 'NEXT', 'LAST', 'PROBLEM'],
            answer.items.map(one => [
              ...[one.key, one.environment, one.generator, howOften(one)],
              nextText(one),
              one.lastAt ?? '',
              one.problem ?? '',
            ]),
            output.width,
          ),
    );
    if (answer.items.some(({ problem }) => problem)) {
      output.note('What to do: docs/runbooks/secret-not-replaced.md');
    }
  },
};

function nextText({ dueAt, overdue, waiting }: Rotation): string {
  if (waiting) return 'waits until it is put back';
  return overdue ? `✖ overdue since ${dueAt}` : dueAt;
}

/**
 * What makes values belongs to a rule; without one, a random value would be put where something else was meant.
 *
 * @throws CliError
 */
function refuseRule(name: string, options: Options): void {
  const { env, generator, overlap, set, timeZone, window } = options;
  const given = Object.entries({
    ...{ '--generator': generator, '--set': set, '--overlap': overlap },
    ...{ '--time-zone': timeZone, '--window': window },
  }).find(([, value]) => value !== undefined);
  if (!given) return;
  throw new CliError(`${given[0]} is part of a rule, and there is none here.`, {
    why: 'Without a rule, the secret is replaced at once: by the generator of the rule that it has, or by a random value.',
    fix: `Say how often: platform secrets rotate ${name} --env ${env} --every 90d ${given[0]} …`,
    exitCode: exitCodes.usage,
  });
}

function days(text: string): number {
  const value = Number(text.replace(/d$/, ''));
  if (!Number.isInteger(value) || value < 1 || value > 730) {
    throw new InvalidArgumentError('Use 1d to 730d.');
  }
  return value;
}

function hours(text: string): number {
  const value = Number(text.replace(/h$/, ''));
  if (!Number.isFinite(value) || value < 0 || value > 24 * 60) {
    throw new InvalidArgumentError('Use 0h to 1440h.');
  }
  return value;
}
