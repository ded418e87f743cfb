import {
  actorRefOf,
  eventNameOf,
  outcomes,
  RecordFilter,
  serviceRefOf,
  utcTime,
} from '@highroad/plugin-audit-common';
import { doors } from '@highroad/plugin-platform-common';
import { Command, InvalidArgumentError, Option } from 'commander';

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface FilterOptions {
  env?: string;
  by?: string;
  event?: string;
  door?: RecordFilter['door'];
  outcome?: RecordFilter['outcome'];
  correlation?: string;
  key?: string;
  since?: string;
  until?: string;
}

/** The options that choose records, and the service, which is the argument. */
export function withFilter(command: Command): Command {
  return command
    .argument('[service]', 'only what was done to this service')
    .option('--env <name>', 'in this environment')
    .option('--by <who>', 'by this person, token or plugin')
    .option('--event <name>', 'what happened, such as audit.verify')
    .addOption(new Option('--door <door>', 'how they came in').choices(doors))
    .addOption(
      new Option('--outcome <word>', 'how it ended').choices([
        ...outcomes,
        'open',
      ]),
    )
    .option('--correlation <id>', 'what belongs to one request')
    .option('--key <name>', 'about this secret of the service')
    .option('--since <time>', 'from 30m, 12h or 7d ago, or a time on', time)
    .option('--until <time>', 'before such a time', time);
}

/** What the portal is asked for. A bare name means a service in the default namespace, or a person. */
export function filterOf(
  service: string | undefined,
  options: FilterOptions,
): RecordFilter {
  const { env, by, event, door, outcome, correlation, key } = options;
  const { since, until } = options;
  return {
    ...(service && { service: serviceRefOf(service) }),
    // No environment has capitals.
    ...(env && { environment: env.toLowerCase() }),
    ...(by && { actor: actorRefOf(by, 'person') }),
    ...(event && { event: eventNameOf(event) }),
    ...(door && { door }),
    ...(outcome && { outcome }),
    ...(correlation && { correlation }),
    ...(key && { key }),
    ...(since && { since }),
    ...(until && { until }),
  };
}

/** @returns the time in UTC */
export function time(
  text: string,
  _before?: unknown,
  now = Date.now(),
): string {
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  if (ago) {
    const unit = UNITS_MS[ago[2] as keyof typeof UNITS_MS];
    return new Date(now - Number(ago[1]) * unit).toISOString();
  }
  const at = utcTime(text);
  if (at !== undefined) return at;
  throw new InvalidArgumentError(
    'Use 30m, 12h or 7d, or a day or time such as 2026-01-31 or 2026-01-31T12:00 (in UTC, unless it names a zone: +02:00).',
  );
}
