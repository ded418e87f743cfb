import { stringifyEntityRef } from '@backstage/catalog-model';
import { MOST_DAYS } from '@highroad/plugin-metrics-common';
import { Command, Option } from 'commander';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Portal } from '../../portal/Portal';
import { resolveService } from '../service/resolveService';
import { wholeUpTo } from '../wholeUpTo';

/** Whose numbers are asked for, and of which days. */
export interface SliceOptions {
  from?: string;
  to?: string;
  days?: number;
  group?: string;
  system?: string;
  service?: string;
}

/** What numbers are asked of. */
export interface ScopeOptions extends SliceOptions {
  env?: string;
}

/** What can be named by a name alone, and what the catalog calls it. */
const KINDS = {
  group: 'group',
  system: 'system',
  service: 'component',
} as const;

export function withRange(command: Command): Command {
  return command
    .option('--from <day>', 'first day, such as 2026-01-01')
    .option('--to <day>', 'last day; today')
    .addOption(
      new Option('--days <n>', 'how many days, instead of the first; 90')
        .argParser(wholeUpTo(MOST_DAYS))
        .conflicts('from'),
    );
}

export function withSlice(command: Command): Command {
  withRange(command).argument(
    '[of]',
    'a service, or group:default/my-team; all if left out',
  );
  const kinds = Object.keys(KINDS);
  for (const kind of kinds) {
    command.addOption(
      new Option(`--${kind} <name>`, `a ${kind}, by its name`).conflicts(
        kinds.filter(one => one !== kind),
      ),
    );
  }
  return command;
}

export function withScope(command: Command): Command {
  return withSlice(command).option(
    '--env <name>',
    'an environment; production',
  );
}

/** @throws CliError with names that are near, where there is no such thing, or where two are named */
export async function sliceOf(
  portal: Portal,
  name: string | undefined,
  options: SliceOptions,
) {
  const { from, to, days } = options;
  const asked = nameOf(name, options);
  const slice =
    asked && stringifyEntityRef(await resolveService(portal, asked));
  return { slice, from, to, days };
}

/** @throws CliError as `sliceOf` does */
export async function scopeOf(
  portal: Portal,
  name: string | undefined,
  { env, ...options }: ScopeOptions,
) {
  return { ...(await sliceOf(portal, name, options)), environment: env };
}

function nameOf(
  name: string | undefined,
  options: SliceOptions,
): string | undefined {
  for (const kind of ['group', 'system', 'service'] as const) {
    const named = options[kind];
    if (named === undefined) continue;
    if (name !== undefined) {
      throw new CliError(`Say whose numbers once: ${name}, or --${kind}.`, {
        exitCode: exitCodes.usage,
      });
    }
    return named.includes(':') ? named : `${KINDS[kind]}:${named}`;
  }
  return name;
}
