import {
  ConditionType,
  EnvironmentCondition,
  EnvironmentDatabaseStatus,
  EnvironmentPhase,
  EnvironmentServiceStatus,
  EnvironmentStatus,
} from '@highroad/plugin-environments-common';

/** What was found out of an environment in one look. */
export interface Findings {
  generation: number;
  owner?: string;
  cluster: string;
  namespace?: string;
  refused?: { reason: string; message: string };
  /** What would be refused of a new one */
  warning?: string;
  databases: EnvironmentDatabaseStatus[];
  /** Names of databases that are there still, and in the manifest no more */
  leftDatabases?: string[];
  /** Something stands in the way of a database, though it is tried again */
  troubled?: boolean;
  services: EnvironmentServiceStatus[];
  expiresAt?: Date;
  /** Until when it stays, though it would have ended before by a change */
  endsNotBefore?: Date;
  /** It asks to be kept, and is not */
  keepRefused?: boolean;
  warnings: string[];
}

type Verdict = Pick<EnvironmentCondition, 'status' | 'reason' | 'message'>;

/** What is told of an environment, after what was told before. */
export function statusOf(
  findings: Findings,
  before: EnvironmentStatus,
  now: Date,
): EnvironmentStatus {
  const { generation, owner, cluster, namespace, services } = findings;
  const { databases, expiresAt, endsNotBefore, warnings } = findings;
  const { keepRefused } = findings;
  const verdicts = verdictsOf(findings);
  const ready = verdicts.Ready?.status === 'True';
  const readyAt = before.readyAt ?? (ready ? now.toISOString() : undefined);
  const phase = phaseOf(findings, ready, readyAt !== undefined);
  const url = services.find(one => one.url)?.url;
  return {
    observedGeneration: generation,
    phase,
    message: messageOf(findings, ready, url),
    ...(namespace && { namespace }),
    cluster,
    ...(owner && { owner }),
    ...(url && { url }),
    conditions: conditionsOf(verdicts, before.conditions, generation, now),
    services,
    databases,
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(endsNotBefore && { endsNotBefore: endsNotBefore.toISOString() }),
    ...(keepRefused && { keepRefused }),
    ...(readyAt && { readyAt }),
    warnings,
  };
}

function verdictsOf({
  refused,
  warning,
  namespace,
  databases,
  leftDatabases = [],
  services,
}: Findings): Partial<Record<ConditionType, Verdict>> {
  if (refused) {
    const verdict = no(refused.reason, refused.message);
    return { Accepted: verdict, Ready: verdict };
  }
  const waiting = databases.find(one => one.state !== 'ready');
  const absent = services.find(one => one.state === 'waiting-for-image');
  const unready = services.find(one => one.state !== 'ready');
  const parts: Partial<Record<ConditionType, Verdict>> = {
    Accepted: warning
      ? yes('AcceptedBefore', warning)
      : yes('Accepted', 'It is valid and allowed, and there is room.'),
    NamespaceReady: namespace
      ? yes('Made', `Its namespace is ${namespace}.`)
      : no('Making', 'Its namespace is being made.'),
    DatabasesReady: waiting
      ? no(
          waiting.state === 'failed' ? 'Failed' : 'Making',
          `Database ${waiting.name}: ${waiting.message ?? 'it is being made.'}`,
        )
      : yes(
          'Ready',
          [
            databases.length > 0
              ? 'All databases are there and seeded.'
              : 'It has no database.',
            ...leftDatabases.map(
              name =>
                `The database ${name} is in the manifest no more; it stays with what it holds until the environment ends, and is as it was where it is written there again.`,
            ),
          ].join(' '),
        ),
    ImagesAvailable: absent
      ? no('Missing', `${absent.name}: ${absent.message ?? 'no image yet.'}`)
      : yes('Available', 'No image is missing.'),
    ServicesReady: unready
      ? no(
          unready.state === 'failing' ? 'Failing' : 'Starting',
          `${unready.name}: ${unready.message ?? 'it is not ready yet.'}`,
        )
      : yes('Ready', 'All services take requests.'),
  };
  const missing = Object.values(parts).find(one => one.status !== 'True');
  return {
    ...parts,
    Ready: missing ?? yes('Ready', 'It is what was asked for.'),
  };
}

function phaseOf(
  { refused, databases, troubled, services }: Findings,
  ready: boolean,
  wasReady: boolean,
): EnvironmentPhase {
  if (refused) return 'refused';
  if (ready) return 'ready';
  if (databases.some(one => one.state === 'failed')) {
    return wasReady ? 'degraded' : 'failed';
  }
  if (services.some(one => one.state === 'waiting-for-image')) {
    return 'waiting-for-image';
  }
  if (services.some(one => one.state === 'failing')) {
    return wasReady ? 'degraded' : 'failed';
  }
  if (!wasReady) return 'provisioning';
  if (troubled) return 'degraded';
  const goesOn =
    services.some(one => ['updating', 'waiting'].includes(one.state)) ||
    databases.some(one => ['creating', 'seeding'].includes(one.state));
  return goesOn ? 'updating' : 'degraded';
}

function messageOf(
  { refused, databases, services }: Findings,
  ready: boolean,
  url: string | undefined,
): string {
  if (refused) return refused.message;
  if (ready) {
    return url
      ? `It is ready at ${url}.`
      : 'It is ready. No service of it has an address outside.';
  }
  const database = databases.find(one => one.state !== 'ready');
  if (database) {
    return `Database ${database.name}: ${
      database.message ?? 'it is being made.'
    }`;
  }
  const service = services.find(one => one.state !== 'ready');
  return service
    ? `${service.name}: ${service.message ?? 'it is being started.'}`
    : 'Its namespace is being made.';
}

/** When a condition's status last changed is kept, also where its words have changed. */
export function conditionsOf(
  verdicts: Partial<Record<ConditionType, Verdict>>,
  before: EnvironmentCondition[],
  generation: number,
  now: Date,
): EnvironmentCondition[] {
  return Object.entries(verdicts).map(([type, verdict]) => {
    const old = before.find(one => one.type === type);
    return {
      type,
      ...verdict,
      observedGeneration: generation,
      lastTransitionTime:
        old?.status === verdict.status
          ? old.lastTransitionTime
          : wholeSeconds(now),
    };
  });
}

/** As Kubernetes writes times. */
function wholeSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

function yes(reason: string, message: string): Verdict {
  return { status: 'True', reason, message };
}

function no(reason: string, message: string): Verdict {
  return { status: 'False', reason, message };
}
