import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  Deployment,
  Diagnosis,
  hasEnded,
  Readiness,
} from '@highroad/plugin-deployments-common';
import { CommandContext, CommandDefinition } from '../../command';
import { Output } from '../../output/Output';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { Portal } from '../../portal/Portal';
import { resolveService, shortRef } from '../service/resolveService';
import { evidenceText, verdictText } from './diagnosisWords';
import { follow } from './follow';
import { ago, driftText, stateText } from './words';

interface Options {
  env?: string;
  watch?: boolean;
}

type Status = Awaited<ReturnType<Portal['deployments']['status']>>;

export const status: CommandDefinition = {
  path: ['status'],
  summary: 'Say which version runs where, how it is doing, and why it fails',
  examples: [
    'platform status my-service --env production',
    'platform status my-service',
    'platform status --env staging --json',
  ],
  configure: command =>
    command
      .argument('[service]', 'as in "platform service list"; all if left out')
      .option('--env <name>', 'only there')
      .option('-w, --watch', 'follow what is under way until it has ended'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, Options]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const service = name
      ? [stringifyEntityRef(await resolveService(connected, name))]
      : undefined;
    const answer = await connected.deployments.status({
      service,
      environment: options.env,
    });
    const active = answer.items.flatMap(({ latest }) =>
      latest && !hasEnded(latest.state) ? [latest] : [],
    );
    if (options.watch && active.length > 0) {
      await follow(connected, active[0], output, { wait: true, timeout: 3600 });
      return;
    }
    // Of one service in one place, it is said how it is doing, and why.
    const place = service && options.env;
    const diagnosis = place
      ? await diagnosisOf(connected, service[0], place)
      : undefined;
    for (const { environment, problem } of answer.unwatched ?? []) {
      output.note(`How pods are in ${environment} is not known. ${problem}`);
    }
    output.answer({ ...answer, ...(diagnosis && { diagnosis }) }, () =>
      diagnosis
        ? [
            verdictText(diagnosis),
            ...(answer.items.length > 0 ? [inWords(answer, output)] : []),
            evidenceText(diagnosis, output),
          ].join('\n')
        : inWords(answer, output, name),
    );
  },
};

async function diagnosisOf(
  portal: Portal,
  service: string,
  environment: string,
): Promise<Diagnosis> {
  const { diagnosis } = await portal.deployments.diagnose({
    service,
    environment,
  });
  return diagnosis;
}

function inWords({ items }: Status, output: Output, name?: string): string {
  if (items.length === 0) {
    return name
      ? `${name} was never deployed.\nDeploy it: platform deploy ${name} --env staging --version …`
      : 'Nothing was ever deployed.';
  }
  return table(
    ['SERVICE', 'ENVIRONMENT', 'RUNS', 'PODS', 'SINCE', 'LATEST'],
    items.map(
      ({ service, environment, running, latest, undone, drift, pods }) => [
        shortRef(service),
        environment,
        running ? `${running.version}${driftText(drift)}` : 'nothing yet',
        podsText(pods),
        running ? since(running) : '',
        latest
          ? `${stateText(latest.state)} ${latest.version}: ${latest.summary}`
          : undoneText(undone, running),
      ],
    ),
    output.width,
  );
}

/** `2/3`, with a cross where none is ready that should be; nothing where it is not known. */
function podsText(pods?: Readiness): string {
  if (!pods) return '';
  const { wanted, ready } = pods;
  return `${wanted > 0 && ready === 0 ? '✖ ' : ''}${ready}/${wanted}`;
}

/** `✖ failed 1.2.3 10 min ago, 1.2.2 was put back` */
function undoneText(undone?: Deployment, running?: Deployment): string {
  if (!undone || !running) return '';
  return `${stateText(undone.state)} ${undone.version} ${ago(
    undone.endedAt ?? undone.requestedAt,
    Date.now(),
  )}, ${running.version} was put back`;
}

function since({ endedAt, requestedAt }: Deployment): string {
  return withoutFraction(endedAt ?? requestedAt);
}
