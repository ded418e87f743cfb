import { stringifyEntityRef } from '@backstage/catalog-model';
import { gitHistory } from '@highroad/plugin-metrics-node';
import { linesOf } from '@highroad/plugin-platform-common';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError, ProgramEnded } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { resolveService } from '../service/resolveService';
import { csvEvents, PRODUCTION } from './csvEvents';
import { Batches } from './Batches';

interface Options {
  service?: string;
  env?: string;
  tags?: string;
}

/** A line that is no event; without a reason, one that is empty. */
class Unreadable {
  readonly reason: string | undefined;

  constructor(reason?: string) {
    this.reason = reason;
  }
}

export const importMetrics: CommandDefinition = {
  path: ['metrics', 'import'],
  summary: 'Add a history of deployments, incidents or tickets to the ledger',
  examples: [
    "platform metrics import ./my-service --service my-service --tags 'v*'",
    'platform metrics import deployments.csv',
    'platform metrics import events.jsonl',
  ],
  configure: command =>
    command
      .argument(
        '<path>',
        'a clone of a Git repository, a .csv, or a .jsonl of CloudEvents',
      )
      .option('--service <name>', 'what it is of; a table may say it itself')
      .option(
        '--env <name>',
        'where the tags of a clone were deployed, or what rows of a table are of that name none; production if left out',
      )
      .option(
        '--tags <pattern>',
        "tags of a clone that are deployments, such as 'v*'",
      ),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [path, options] = args;
    const connected = await portal();
    const service =
      options.service &&
      stringifyEntityRef(await resolveService(connected, options.service));
    const batches = new Batches(connected.metrics, taken => {
      if (!output.json && taken % 5_000 === 0) output.note(`${taken} events`);
    });
    for await (const one of eventsOf(path, service, options)) {
      if (one instanceof Unreadable) batches.addUnreadable(one.reason);
      else await batches.add(one.event, { number: one.row, service });
    }
    const done = await batches.end();
    output.answer(done, () =>
      [
        `✔ ${done.accepted} events are new, ${done.duplicates} were known.`,
        ...[...done.unreadable, ...done.quarantined]
          .slice(0, 5)
          .map(({ number, reason }) => `✖ ${number}: ${reason}`),
        ...(done.unreadable.length > 0
          ? [
              `${done.unreadable.length} were not sent. Mend them, and import it again: what is known is not taken twice.`,
            ]
          : []),
        ...(done.quarantined.length > 0
          ? [
              `${done.quarantined.length} could not be taken, and wait in the quarantine. Runbook: docs/runbooks/metrics-quarantine.md`,
            ]
          : []),
        `See them: platform metrics show${
          options.service ? ` ${options.service}` : ''
        }`,
      ].join('\n'),
    );
    if (done.quarantined.length + done.unreadable.length > 0)
      throw new ProgramEnded(exitCodes.failed);
  },
};

/** An event, of a table with the number of its row; or what is none. */
type Read = { event: unknown; row?: number } | Unreadable;

async function* eventsOf(
  path: string,
  service: string | undefined,
  { env, tags }: Options,
): AsyncIterable<Read> {
  const found = await stat(path).catch(() => undefined);
  if (!found) {
    throw new CliError(`There is no ${path}.`, {
      exitCode: exitCodes.notFound,
    });
  }
  if (!found.isDirectory()) {
    if (path.endsWith('.csv')) {
      const text = await readFile(path, 'utf8');
      yield* csvEvents(text, { service, environment: env });
      return;
    }
    if (env !== undefined) {
      throw new CliError('--env is not for lines of events.', {
        why: 'Each of them says its environment itself, as data.environment.',
        ...{ fix: 'Leave --env out.', exitCode: exitCodes.usage },
      });
    }
    for await (const line of linesOf(createReadStream(path))) {
      yield readLine(line);
    }
    return;
  }
  if (!service || !tags) {
    throw new CliError('A clone does not say what it is of.', {
      fix: `Say it: platform metrics import ${path} --service my-service --tags 'v*'`,
      exitCode: exitCodes.usage,
    });
  }
  const environment = env ?? PRODUCTION;
  const history = { directory: path, service, environment, tags };
  for await (const event of gitHistory(history)) yield { event };
}

function readLine(line: string): Read {
  if (line.trim() === '') return new Unreadable();
  try {
    return { event: JSON.parse(line) };
  } catch {
    return new Unreadable('the line is not JSON');
  }
}
