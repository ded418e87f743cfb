import { stringifyEntityRef } from '@backstage/catalog-model';
import { Command } from 'commander';
import { Portal } from '../../portal/Portal';
import { resolveService } from '../service/resolveService';

/** What numbers are asked of. */
export interface ScopeOptions {
  from?: string;
  to?: string;
  env?: string;
}

export function withScope(command: Command): Command {
  return command
    .argument('[of]', 'a service, or group:default/my-team; all if left out')
    .option('--from <day>', 'first day, such as 2026-01-01; 90 days back')
    .option('--to <day>', 'last day; today')
    .option('--env <name>', 'an environment; production');
}

/** @throws CliError with names that are near, where there is no such thing */
export async function scopeOf(
  portal: Portal,
  name: string | undefined,
  { from, to, env }: ScopeOptions,
) {
  const slice = name && stringifyEntityRef(await resolveService(portal, name));
  return { slice, from, to, environment: env };
}
