import { z } from 'zod';
import { Ancestry } from './Ancestry';
import { changeIndex } from './changesIn';
import { Deployed } from './Deployed';
import { Versions } from './deployNext';
import { after, earlierSchema, NOTHING_EARLIER } from './Earlier';
import { ServiceFact } from './Facts';
import { mergedBy } from './mergedBy';
import { Incident, ServiceEvents } from './ServiceEvents';

/** Where more wait to be deployed, it is not gone on from: the next deployment has all computed. */
export const MOST_WAITING = 200;
/** Longer ones are not kept, for they would be read and written again with each event. */
export const MOST_STATE = 200_000;

const commitSchema = z.object({
  commit: z.string(),
  parents: z.array(z.string()),
  /** Nothing is known of one of them */
  cut: z.boolean().optional(),
  authoredAt: z.string(),
  reverts: z.array(z.string()).optional(),
  title: z.string().optional(),
  url: z.string().optional(),
});

const changeSchema = z.object({
  change: z.string(),
  mergeCommit: z.string(),
  commits: z.array(z.string()),
  authoredAt: z.array(z.string()).optional(),
  firstCommitAt: z.string(),
  mergedAt: z.string(),
  reverts: z.array(z.string()).optional(),
  labels: z.array(z.string()).optional(),
  title: z.string().optional(),
  url: z.string().optional(),
});

const environmentSchema = z.object({
  /** When the last deployment finished */
  last: z.string().optional(),
  /** When the last incident began; also of those that would be of another environment, had this one been deployed to before */
  lastIncident: z.string().optional(),
  /** The version that was deployed last, or the commit where none was said */
  latest: z.string().optional(),
  earlier: earlierSchema,
  /** A deployment brought commits, so that the next is no baseline */
  begun: z.boolean(),
  /** Deployments that failed since the last that succeeded */
  failed: z.array(z.string()),
  /** Commits that no deployment brought; left out where they are too many */
  waiting: z.array(z.string()).optional(),
  /** Of these and of what is not known yet, those that a commit reverts */
  reverted: z.array(z.string()),
});
export type EnvironmentState = z.output<typeof environmentSchema>;

const factSchema: z.ZodType<ServiceFact, z.ZodTypeDef, unknown> = z.object({
  service: z.string(),
  owner: z.string(),
  system: z.string(),
  eligible: z.boolean(),
  known: z.boolean(),
  example: z.boolean(),
  createdAt: z.string().optional(),
  onboardedAt: z.string().optional(),
  firstProductionAt: z.string().optional(),
  hasCommits: z.boolean(),
  // States of before they were remembered have none; they are computed anew.
  owners: z
    .array(z.object({ at: z.string(), owner: z.string(), system: z.string() }))
    .default([]),
  active: z.boolean().default(false),
  tickets: z.array(z.string()),
  deviations: z
    .array(
      z.object({
        environment: z.string(),
        guardrail: z.string(),
        from: z.string(),
        until: z.string(),
      }),
    )
    // States of before deviations were told of have none.
    .default([]),
});

/** Where the facts of a service go on from: what later events may still change or need, instead of all that was told. */
export const serviceStateSchema = z.object({
  fact: factSchema,
  /** Who owned it when, the oldest first */
  owned: z.array(
    z.object({
      at: z.string(),
      owner: z.string().optional(),
      system: z.string().optional(),
    }),
  ),
  /** Those that wait in an environment, and what merged the changes */
  commits: z.array(commitSchema),
  /** Pull requests of which a commit waits, in their order */
  changes: z.array(changeSchema),
  environments: z.record(environmentSchema),
});
export type ServiceState = z.output<typeof serviceStateSchema>;

/** How an environment stands after all its deployments. */
export function environmentState(about: {
  events: ServiceEvents;
  deployed: Deployed[];
  incidents: Incident[];
  ancestry: Ancestry;
  versions: Versions;
  isProduction: boolean;
}): EnvironmentState {
  const { events, deployed, incidents, ancestry, versions } = about;
  const begins = [
    incidents.at(-1)?.at ?? '',
    (about.isProduction ? events.unplacedUntil : undefined) ?? '',
  ];
  const success = deployed.map(one => one.successful).lastIndexOf(true);
  const isWaiting = (commit: string) =>
    ancestry.broughtBy(commit) === undefined;
  const waiting = [...events.commits.keys()].filter(isWaiting).sort();
  const mergeOf = mergedBy(events.changes);
  const reverted = [
    ...[...events.commits.values()].flatMap(one => one.reverts ?? []),
    ...events.changes.flatMap(one =>
      (one.reverts ?? []).flatMap(id => mergeOf(id) ?? []),
    ),
  ];
  return {
    last: deployed.at(-1)?.event.at,
    lastIncident: begins.sort().at(-1) || undefined,
    latest: versions.latest,
    earlier: deployed.reduce(after, NOTHING_EARLIER),
    begun: ancestry.begun,
    failed: deployed
      .slice(success + 1)
      .filter(one => one.completed)
      .map(one => one.event.deployment),
    waiting: waiting.length > MOST_WAITING ? undefined : waiting,
    reverted: [...new Set(reverted)].filter(isWaiting).sort(),
  };
}

/** Commits and changes, without those that no environment waits for any more. */
export function waitingIn(
  events: ServiceEvents,
  environments: EnvironmentState[],
): Pick<ServiceState, 'commits' | 'changes'> {
  const waiting = new Set(environments.flatMap(one => one.waiting ?? []));
  const { merged, partOf } = changeIndex(events);
  const wanted = new Set(
    [...waiting].flatMap(one => [merged.get(one), partOf.get(one)]),
  );
  const changes = events.changes.filter(one => wanted.has(one));
  const commits = new Set([...waiting, ...changes.map(one => one.mergeCommit)]);
  return {
    changes: changes.map(one => changeSchema.parse(one)),
    commits: [...commits].sort().flatMap(commit => {
      const known = events.commits.get(commit);
      return known ? [commitSchema.parse(known)] : [];
    }),
  };
}
