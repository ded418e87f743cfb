import {
  durationWords,
  Environment,
  EnvironmentDetail,
  EnvironmentPhase,
  Orphan,
  OrphanDatabases,
} from '@highroad/plugin-environments-common';
import { table } from '../../output/table';

const MARKS: Record<EnvironmentPhase, string> = {
  refused: '✖ refused',
  provisioning: '◌ provisioning',
  'waiting-for-image': '◌ waiting for image',
  ready: '✔ ready',
  updating: '◌ updating',
  degraded: '✖ degraded',
  failed: '✖ failed',
  deleting: '◌ deleting',
};

/** The same words as in the portal. */
export function phaseText(phase: EnvironmentPhase): string {
  return MARKS[phase];
}

/** How long it still lives. */
export function timeLeft(
  { expiresAt, kept }: Pick<Environment, 'expiresAt' | 'kept'>,
  now: Date,
): string {
  if (kept || !expiresAt) return 'kept';
  return durationWords(Date.parse(expiresAt) - now.getTime());
}

export function environmentTable(
  items: Environment[],
  now: Date,
  width: number,
): string {
  return table(
    ['NAME', 'STATE', 'OWNER', 'AGE', 'LEFT', 'URL'],
    items.map(one => [
      one.name,
      phaseText(one.phase),
      ownerWord(one.owner),
      durationWords(now.getTime() - Date.parse(one.createdAt)),
      timeLeft(one, now),
      one.url ?? '',
    ]),
    width,
  );
}

/** What is left of environments that are gone, and what can be done about it. */
export function leftoversText(
  left: { items: Orphan[]; databases: OrphanDatabases[]; problems: string[] },
  now: Date,
  width: number,
): string {
  const { items, databases, problems } = left;
  const parts: string[] = [];
  if (items.length > 0) {
    parts.push(
      table(
        [
          ...['NAMESPACE', 'ENVIRONMENT', 'OWNER', 'AGE'],
          ...['MADE BY THE PLATFORM', 'STATE'],
        ],
        items.map(one => [
          one.namespace,
          one.environment,
          ownerWord(one.owner),
          durationWords(now.getTime() - Date.parse(one.createdAt)),
          one.ours ? 'yes' : 'not certain: look at it yourself',
          endingText(one, now),
        ]),
        width,
      ),
    );
  }
  if (databases.length > 0) {
    parts.push(
      table(
        ['DATABASES OF', 'NAMES', 'MADE FOR THIS CLUSTER'],
        databases.map(one => [
          one.environmentUid,
          one.names.join(', '),
          one.ours ? 'yes' : 'not certain: look at them yourself',
        ]),
        width,
      ),
    );
  }
  if (parts.length === 0 && problems.length === 0) {
    return 'Nothing is left of environments that are gone.';
  }
  if (items.some(one => one.ours)) {
    parts.push(
      'Remove one, with its databases: platform env remove-leftover <namespace> --yes',
    );
  }
  if (databases.some(one => one.ours)) {
    parts.push(
      'Remove databases: platform env remove-leftover <what they are databases of> --yes',
    );
  }
  return [...parts, ...problems].join('\n');
}

function endingText({ ending }: Orphan, now: Date): string {
  if (!ending) return 'left';
  const { since, blocker } = ending;
  const time = durationWords(now.getTime() - Date.parse(since));
  return `being removed for ${time}${blocker ? `: ${blocker}` : ''}`;
}

function ownerWord(owner: string | undefined): string {
  return (owner ?? 'nobody').replace(/^group:default\//, '');
}

/** All that a person wants to know of one. */
export function environmentText(
  environment: EnvironmentDetail,
  now: Date,
): string {
  const { name, phase, message, status, warnings } = environment;
  const rows = [
    ...status.services.map(one => [
      one.name,
      one.state.replace(/-/g, ' '),
      `${one.ready}/${one.replicas}`,
      [
        one.image ?? 'its own manifests',
        ...(one.commit ? [`at ${one.commit.slice(0, 7)}`] : []),
      ].join(' '),
      one.url ?? one.message ?? '',
    ]),
    ...status.databases.map(one => [
      `database ${one.name}`,
      one.state,
      '',
      one.type,
      one.message ?? (one.seed ? `seeded from ${one.seed.path}` : ''),
    ]),
  ];
  return [
    `${name}: ${phaseText(phase)}. ${message}`,
    ...(rows.length > 0
      ? ['', table(['PART', 'STATE', 'READY', 'WHAT', 'WHERE'], rows, Infinity)]
      : []),
    '',
    `Owner: ${environment.owner ?? 'nobody'}. Namespace: ${
      environment.namespace ?? 'none yet'
    }. Left: ${timeLeft(environment, now)}.`,
    ...warnings.map(warning => `! ${warning}`),
  ].join('\n');
}
