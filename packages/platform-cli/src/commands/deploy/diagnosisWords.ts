import { Diagnosis, Health, Part } from '@highroad/plugin-deployments-common';
import { Output } from '../../output/Output';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { stateText } from './words';

const SYMBOLS: Record<Health, string> = {
  healthy: '✔',
  changing: '…',
  attention: '!',
  failing: '✖',
  absent: '·',
  unknown: '?',
};
/** When somebody has to do something about it, which the page says */
const IN_NEED: Health[] = ['attention', 'failing', 'unknown'];
const RUNBOOK = 'deployment-failed';
const EVENTS = 8;
const LINES = 15;

/** `✖ failing: cart crashes again and again (Error, exit code 1), 5 restarts.` */
export function verdictText({ verdict }: Diagnosis): string {
  const { health, summary, fix } = verdict;
  const word = health === 'attention' ? 'needs attention' : health;
  return [
    `${SYMBOLS[health]} ${word}: ${summary}`,
    fix && `  → ${fix}`,
    IN_NEED.includes(health) && `  Runbook: docs/runbooks/${RUNBOOK}.md`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** What stands behind a verdict. Where all is well, the events and the log are left out. */
export function evidenceText(diagnosis: Diagnosis, output: Output): string {
  const { pods, drift, events, alerts, changes, onCall, log, logOf } =
    diagnosis;
  const well = diagnosis.verdict.health === 'healthy';
  const { width } = output;
  return [
    section('Pods', pods, 'none', items =>
      table(
        ['NAME', 'READY', 'RESTARTS', 'WHY'],
        items.map(one => [
          one.name,
          one.ready ? 'yes' : 'no',
          String(one.restarts),
          one.reasons.join(', '),
        ]),
        width,
      ),
    ),
    !well &&
      section('Events, newest first', events, 'none', items =>
        table(
          ['AT', 'OBJECT', 'REASON', 'MESSAGE'],
          items
            .slice(0, EVENTS)
            .map(one => [
              withoutFraction(one.at),
              one.object,
              one.count > 1 ? `${one.reason} ×${one.count}` : one.reason,
              one.message,
            ]),
          width,
        ),
      ),
    section('Alerts', alerts, 'none fires', items =>
      items
        .map(
          ({ name, summary, since }) =>
            `  ${name} since ${withoutFraction(since)}${
              summary ? `: ${summary}` : ''
            }`,
        )
        .join('\n'),
    ),
    drift && drift.state !== 'same' && `Changed by hand: ${drift.summary}`,
    !well &&
      changes.length > 0 &&
      `Deployed lately\n${changes
        .map(
          one =>
            `  ${withoutFraction(one.requestedAt)}  ${stateText(one.state)}  ${
              one.version
            }: ${one.summary}`,
        )
        .join('\n')}`,
    section('On call', onCall, 'nobody', items =>
      items.map(({ name, level }) => `  ${name} (level ${level})`).join('\n'),
    ),
    !well &&
      section(
        logOf ? `Last lines of ${logOf}` : 'Last lines',
        log,
        'nothing was printed',
        items =>
          items
            .slice(-LINES)
            .map(line => `  ${line}`)
            .join('\n'),
      ),
  ]
    .filter(Boolean)
    .join('\n');
}

function section<T>(
  title: string,
  part: Part<T>,
  none: string,
  words: (items: T[]) => string,
): string {
  if (!part.known) {
    return `${title}: not known. ${[part.why, part.connect]
      .filter(Boolean)
      .join(' ')}`;
  }
  return part.items.length === 0
    ? `${title}: ${none}`
    : `${title}\n${words(part.items)}`;
}
