import { EventType, problemsOf } from '@highroad/plugin-metrics-common';
import { z } from 'zod';

/** Types that are taken, in the versions 0.1 to 0.4 of each. Of a draft nobody knows what it has. */
const TYPE =
  /^dev\.cdevents\.(service\.(?:deployed|upgraded|rolledback)|change\.merged|incident\.(?:detected|resolved))\.0\.[1-4]\.\d+$/;
const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
/** Of a version in the ledger */
const MOST_VERSION = 128;
const MOST_TITLE = 500;

const contextSchema = z.object({
  id: z.string(),
  source: z.string(),
  type: z.string(),
  timestamp: z.string(),
});
const environmentSchema = z.object({ id: z.string().min(1) });
const customSchema = z.object({
  platform: z.record(z.unknown()),
});

const deployedSchema = z.object({
  subject: z.object({
    content: z.object({
      environment: environmentSchema,
      artifactId: z.string().optional(),
    }),
  }),
});
const incidentSchema = z.object({
  subject: z.object({
    id: z.string().min(1),
    content: z.object({
      environment: environmentSchema.optional(),
      description: z.string().optional(),
    }),
  }),
});
const mergedSchema = z.object({ subject: z.object({ id: z.string().min(1) }) });

/** An event of the ledger, as far as it could be made, or why not. */
type Translated = { event: object } | { reason: string };

/**
 * An event of the CDEvents specification, alone or as the data of a CloudEvent, as the platform's own events say the same. What the
 * specification has no field for may stand in `customData.platform`, under the names of the platform's own events; where both say
 * something, the specification's field counts.
 *
 * @param service - reference of the service that it is about: the specification's names of services are not those of the catalog
 * @returns nothing for what is none
 */
export function fromCDEvent(
  payload: unknown,
  service: string,
): Translated | undefined {
  const found = cdEventIn(payload);
  if (!found) return undefined;
  const read = z.object({ context: contextSchema }).safeParse(found);
  if (!read.success) return { reason: problemsOf(read.error) };
  const { context } = read.data;
  const [, kind] = TYPE.exec(context.type) ?? [];
  if (!kind) {
    return {
      reason: `context.type: nothing is known of events of type "${context.type.slice(
        0,
        100,
      )}"`,
    };
  }
  const custom = customSchema.safeParse(found.customData);
  const given = custom.success ? custom.data.platform : {};
  const made = madeOf(kind, { found, context, given });
  if ('reason' in made) return made;
  return {
    event: {
      ...{ specversion: '1.0', id: context.id, source: context.source },
      ...{ type: made.type, time: context.timestamp },
      data: { ...given, ...made.data, service },
    },
  };
}

/** Id and source of an event of the specification, as far as it is one. */
export function namesOfCDEvent(
  payload: unknown,
): { id?: string; source?: string } | undefined {
  const read = z
    .object({ context: contextSchema.partial() })
    .safeParse(cdEventIn(payload));
  return read.success
    ? { id: read.data.context.id, source: read.data.context.source }
    : undefined;
}

function cdEventIn(payload: unknown): Record<string, unknown> | undefined {
  const marks = z
    .object({
      context: z
        .object({ type: z.string().startsWith('dev.cdevents.') })
        .passthrough(),
    })
    .passthrough();
  const alone = marks.safeParse(payload);
  if (alone.success) return alone.data;
  const within = z.object({ data: marks }).safeParse(payload);
  return within.success ? within.data.data : undefined;
}

function madeOf(
  kind: string,
  event: {
    found: unknown;
    context: z.output<typeof contextSchema>;
    given: Record<string, unknown>;
  },
): { type: EventType; data: object } | { reason: string } {
  const { found, context, given } = event;
  if (kind === 'change.merged') {
    const read = mergedSchema.safeParse(found);
    if (!read.success) return { reason: problemsOf(read.error) };
    const { id } = read.data.subject;
    const mergeCommit = given.mergeCommit ?? (HASH.test(id) ? id : undefined);
    if (mergeCommit === undefined) {
      return {
        reason:
          'customData.platform.mergeCommit is missing: the specification has no field for the commit by which a change came in, and subject.id is none',
      };
    }
    return {
      type: 'dev.cdevents.change.merged.0.2.0',
      data: {
        ...{ change: id, mergeCommit, mergedAt: context.timestamp },
        // Nobody says when it was begun.
        firstCommitAt: given.firstCommitAt ?? context.timestamp,
      },
    };
  }
  if (kind.startsWith('incident.')) {
    const read = incidentSchema.safeParse(found);
    if (!read.success) return { reason: problemsOf(read.error) };
    const { id, content } = read.data.subject;
    const { environment, description } = content;
    return {
      type: kind.endsWith('.detected')
        ? 'dev.cdevents.incident.detected.0.2.0'
        : 'dev.cdevents.incident.resolved.0.2.0',
      data: {
        incident: id,
        ...(environment && { environment: environment.id }),
        ...(description && { title: description.slice(0, MOST_TITLE) }),
      },
    };
  }
  const read = deployedSchema.safeParse(found);
  if (!read.success) return { reason: problemsOf(read.error) };
  const { environment, artifactId } = read.data.subject.content;
  const said =
    given.version ?? (artifactId ? versionOf(artifactId) : undefined);
  return {
    type: 'com.myorg.platform.deployment.finished.1',
    data: {
      environment: environment.id,
      // The specification's events have no deployment: each tells of one.
      deployment: given.deployment ?? context.id,
      // Of what failed, it has no event.
      outcome: 'succeeded',
      kind: kind.endsWith('.rolledback') ? 'rollback' : given.kind ?? 'deploy',
      ...(said !== undefined && { version: said }),
    },
  };
}

/**
 * What tells an artifact from its other versions: what a package URL has behind "@", such as a digest; else all of it.
 *
 * @param artifactId - such as pkg:oci/cart@sha256%3Aab12?repository_url=registry.test
 */
function versionOf(artifactId: string): string {
  const [path] = artifactId.split(/[?#]/);
  const at = path.lastIndexOf('@');
  const version =
    artifactId.startsWith('pkg:') && at > 0 ? path.slice(at + 1) : artifactId;
  return decoded(version).slice(0, MOST_VERSION);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // It is no such code, so it means itself.
    return text;
  }
}
