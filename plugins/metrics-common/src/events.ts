import { zonedTime } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { referenceSchema, serviceSchema as service } from './references';
import { isStorable } from './storableText';

const name = z.string().min(1).max(255);
const LONGEST_TIME = 40;
const anyTime = zonedTime();
const time = z
  .string()
  .refine(isTime, 'write a time of ISO 8601 with its zone')
  .transform(text => new Date(text).toISOString());
const url = z
  .string()
  .url()
  .max(1000)
  .refine(isWebAddress, 'write an address that begins with https:// or http://')
  .optional();
/** How often it was corrected: what is told with the highest one counts. 0 where it is left out. */
const revision = z.number().int().min(0).max(1_000_000).optional();
/** What names a commit. */
export const COMMIT_HASH = /^[0-9a-f]{7,64}$/;
const commit = z
  .string()
  .regex(COMMIT_HASH, 'a commit is its whole hash, in lower case');
const group = referenceSchema(
  'group',
  'only a group has numbers; use its whole reference, such as group:default/shop, or leave it out',
);

export const outcomes = [
  'succeeded',
  'failed',
  'cancelled',
  'superseded',
] as const;
export type Outcome = (typeof outcomes)[number];

const deploymentData = z.object({
  service,
  environment: z.string().min(1).max(63),
  /** Unique within service and environment */
  deployment: name,
  version: z.string().max(128).optional(),
  commit: commit.optional(),
  outcome: z.enum(outcomes),
  kind: z.enum(['deploy', 'promotion', 'rollback']).default('deploy'),
  /** It was applied, so that a failure of it was one of the environment */
  applied: z.boolean().default(true),
  /** The deployment that this one takes back */
  undoes: name.optional(),
  /** The deployments that this one repairs */
  fixes: z.array(name).max(50).optional(),
  /** It was made to repair something that users met, and not as planned */
  unplanned: z.boolean().optional(),
  /** Made by this platform, rather than by a pipeline of its own */
  platform: z.boolean().optional(),
  url,
  revision,
});

const commitData = z.object({
  service,
  commit,
  parents: z.array(commit).max(64),
  authoredAt: time,
  /** Commits that it reverts */
  reverts: z.array(commit).max(50).optional(),
  title: z.string().max(500).optional(),
  url,
  revision,
});

const changeData = z.object({
  service,
  /** Number or id of the pull request within its repository */
  change: name,
  /** The commit by which it came onto the branch that is deployed */
  mergeCommit: commit,
  /** Its own commits, which are no changes of their own then */
  commits: z.array(commit).max(5000).default([]),
  /** When these and the merge's own were authored. A host that rebases makes new commits of them, which keep these times */
  authoredAt: z.array(time).max(5000).optional(),
  firstCommitAt: time,
  mergedAt: time,
  /** Pull requests that it takes back */
  reverts: z.array(name).max(50).optional(),
  labels: z.array(z.string().max(100)).max(100).optional(),
  title: z.string().max(500).optional(),
  url,
  revision,
});

const incidentData = z.object({
  service,
  environment: z.string().min(1).max(63).default('production'),
  /**
   * Which environment of the production it is of is not known, and follows from what is known of deployments: the one of them that the
   * service was last deployed to when it began. What `environment` says is nothing then
   */
  ofProduction: z.literal(true).optional(),
  incident: name,
  /** The deployment that caused it, where somebody says so */
  deployment: name.optional(),
  title: z.string().max(500).optional(),
  url,
  revision,
});

const ticketData = z.object({
  service,
  ticket: name,
  /** `ops`: asked of the platform's people, as the adoption page counts */
  kind: z.enum(['ops', 'bug', 'other']).default('ops'),
  url,
});

const deviationData = z.object({
  service,
  environment: z.string().min(1).max(63),
  deviation: name,
  /** The rule that it lifts */
  guardrail: z.string().min(1).max(63),
  /** From then on it lifts nothing */
  expiresAt: time,
});

const serviceData = z.object({
  service,
  /** Made from a template of the platform */
  template: z.string().max(255).optional(),
});

const ownedData = z.object({
  service,
  /** Reference of a group: what a person owns is no team's, so that no number is of a person */
  owner: group.optional(),
  /** Reference of a system */
  system: z.string().max(300).optional(),
  /** It is of a kind that the platform can run */
  eligible: z.boolean().default(true),
  /** Made from a template of the platform */
  template: z.string().max(255).optional(),
});

const OWNED = 'com.myorg.platform.service.owned.1';

/** What may stand in the ledger, by the type of the CloudEvent. Types of CDEvents 0.4 where it has one. */
export const eventData = {
  'com.myorg.platform.deployment.finished.1': deploymentData,
  'com.myorg.platform.commit.made.1': commitData,
  'dev.cdevents.change.merged.0.2.0': changeData,
  'dev.cdevents.incident.detected.0.2.0': incidentData,
  'dev.cdevents.incident.resolved.0.2.0': incidentData,
  'dev.cdevents.ticket.created.0.1.0': ticketData,
  'dev.cdevents.ticket.closed.0.1.0': ticketData,
  'com.myorg.platform.deviation.added.1': deviationData,
  'com.myorg.platform.deviation.ended.1': deviationData,
  'com.myorg.platform.service.created.1': serviceData,
  [OWNED]: ownedData,
} as const;
export type EventType = keyof typeof eventData;
export const eventTypes = Object.keys(eventData) as [EventType, ...EventType[]];

export type DeploymentData = z.output<typeof deploymentData>;
export type CommitData = z.output<typeof commitData>;
export type ChangeData = z.output<typeof changeData>;
export type IncidentData = z.output<typeof incidentData>;
export type DeviationData = z.output<typeof deviationData>;
export type OwnedData = z.output<typeof ownedData>;

const envelope = z.object({
  specversion: z.literal('1.0'),
  /** Unique within its source: the same again is the same event */
  id: z.string().min(1).max(255),
  /** Who says so, such as `/ci/github` */
  source: z.string().min(1).max(255),
  subject: z.string().max(255).optional(),
  /** When it happened */
  time,
});

type EventOf<T extends EventType> = z.output<typeof envelope> & {
  type: T;
  data: z.output<(typeof eventData)[T]>;
};
/** An event of the ledger: a CloudEvent 1.0 in the shape of CDEvents. Nothing in it names a person. */
export type MetricEvent = { [T in EventType]: EventOf<T> }[EventType];

/** Reads a CloudEvent. What it takes and what is wrong is in the message of each issue. */
export const metricEventSchema: z.ZodType<MetricEvent, z.ZodTypeDef, unknown> =
  envelope
    .extend({ type: z.string(), data: z.unknown() })
    .transform((event, context): MetricEvent => {
      const { type } = event;
      if (!isEventType(type)) {
        context.addIssue({
          code: 'custom',
          path: ['type'],
          message: `nothing is known of events of type "${type.slice(0, 100)}"`,
        });
        return z.NEVER;
      }
      const read = eventData[type].safeParse(event.data);
      if (!read.success) {
        read.error.issues.forEach(issue =>
          context.addIssue({ ...issue, path: ['data', ...issue.path] }),
        );
        return z.NEVER;
      }
      const { id, source, subject } = event;
      const wrong = unstorable({ id, source, subject, data: read.data });
      if (wrong) {
        context.addIssue({
          code: 'custom',
          path: wrong,
          message: 'leave out the character NUL, and halves of characters',
        });
        return z.NEVER;
      }
      // The type and the shape of its data were compared just now.
      return { ...event, type, data: read.data } as MetricEvent;
    });

/** Fields of each type of which the shape says what they are where they are left out. */
const filledIn = new Map<string, string[]>(
  Object.entries(eventData).map(([type, { shape }]) => [
    type,
    Object.entries(shape).flatMap(([field, schema]) =>
      schema instanceof z.ZodDefault ? [field] : [],
    ),
  ]),
);

/**
 * An event that was taken by `metricEventSchema` before. It is not looked at again, since there are very many: what a type's fields are never
 * changes, a type has its version in its name. Only what was added to their shape since is filled in, and an owner that is no group left out.
 *
 * @throws ZodError for a type that is none, and where something has to be filled in and the rest is not as it should be
 */
export function storedEvent(stored: {
  id: string;
  source: string;
  type: string;
  time: string;
  data: object;
}): MetricEvent {
  const { type, data, ...rest } = stored;
  if (!isEventType(type)) {
    return metricEventSchema.parse({ specversion: '1.0', ...stored });
  }
  if (type === OWNED && !isOfGroup(data)) {
    // Such was taken once.
    return metricEventSchema.parse({
      ...{ specversion: '1.0', ...stored },
      data: { ...data, owner: undefined },
    });
  }
  if ('url' in data && !isWebAddress(data.url)) {
    // Such was taken once.
    return storedEvent({ ...stored, data: { ...data, url: undefined } });
  }
  const isWhole = filledIn.get(type)?.every(field => field in data);
  // The type and the shape of its data were compared when it was taken, or are here.
  return {
    ...{ specversion: '1.0', ...rest, type },
    data: isWhole ? data : eventData[type].parse(data),
  } as MetricEvent;
}

/** Whether it leads to a page, rather than run something. Nothing leads nowhere. */
export function isWebAddress(address: unknown): boolean {
  return (
    address === undefined ||
    (typeof address === 'string' && /^https?:/i.test(address))
  );
}

/** Where the first text is that not every database takes. */
function unstorable(value: unknown): string[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [field, part] of Object.entries(value)) {
    const place = unstorable(part);
    if (place) return [field, ...place];
  }
  return undefined;
}

function isOfGroup(data: object): boolean {
  return (
    !('owner' in data) ||
    (typeof data.owner === 'string' && data.owner.startsWith('group:'))
  );
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventData, type);
}

/** What is wrong with an event, in a sentence for whoever sent it. */
export function problemsOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(issue => {
      const field = issue.path.join('.') || 'the event';
      return issue.message === 'Required'
        ? `${field} is missing`
        : `${field}: ${issue.message}`;
    })
    .join('; ');
}

/** Of days that every month has. */
const USUAL_TIME =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{3}Z$/;

/** As the ledger has them all, times are recognised at once: they are read again and again. */
function isTime(text: string): boolean {
  return (
    USUAL_TIME.test(text) ||
    (text.length <= LONGEST_TIME && anyTime.safeParse(text).success)
  );
}
