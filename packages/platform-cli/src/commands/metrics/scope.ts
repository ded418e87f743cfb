import { stringifyEntityRef } from '@backstage/catalog-model';
import { MOST_DAYS } from '@highroad/plugin-metrics-common';
import { Command, Option } from 'commander';
import { Portal } from '../../portal/Portal';
import { resolveService } from '../service/resolveService';
import { wholeUpTo } from './wholeUpTo';

/** What numbers are asked of. */
export interface ScopeOptions {
  from?: string;
  to?: string;
  days?: number;
  env?: string;
}

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

export function withScope(command: Command): Command {
  return withRange(
    command.argument(
      '[of]',
      'a service, or group:default/my-team; all if left out',
    ),
  ).option('--env <name>', 'an environment; production');
}

/** @throws CliError with names that are near, where there is no such thing */
export async function scopeOf(
  portal: Portal,
  name: string | undefined,
  { from, to, days, env }: ScopeOptions,
) {
  const slice = name && stringifyEntityRef(await resolveService(portal, name));
  return { slice, from, to, days, environment: env };
}
