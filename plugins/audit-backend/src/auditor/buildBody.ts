import {
  RecordBody,
  recordBodySchema,
  Severity,
} from '@highroad/plugin-audit-common';
import {
  AuditActor,
  AuditContext,
  doorOf,
} from '@highroad/plugin-platform-common';
import { JsonObject } from '@backstage/types';
import { CleanError } from './cleanError';
import { cleanName } from './cleanMeta';
import { MAX_NAME } from './readContext';

/** The parts of a request that a record takes. */
export interface RequestFacts {
  method: string;
  originalUrl: string;
  get(name: string): string | undefined;
}

/** What is known when something is about to happen. */
export interface Intent {
  id: string;
  at: string;
  plugin: string;
  event: string;
  severity: Severity;
  actor: AuditActor;
  context: AuditContext;
  request?: RequestFacts;
  meta: JsonObject;
}

/** The record of what is about to happen. Only what the schema knows is in it, each piece bounded. */
export function intentBody(intent: Intent): RecordBody {
  const { actor, context, request, meta } = intent;
  const came = request ? doorOf(request, actor) : 'system';
  const { service, environment, reason } = context;
  const correlation = context.correlation ?? taskIn(intent);
  return recordBodySchema.parse({
    v: 1,
    id: intent.id,
    at: intent.at,
    plugin: cleanName(intent.plugin, 100),
    event: cleanName(intent.event, 100),
    severity: intent.severity,
    phase: 'intent',
    actor: { ...actor, ref: cleanName(actor.ref, MAX_NAME) },
    door: context.door ?? came,
    ...{ service, environment, correlation, reason },
    request: request && {
      method: cleanName(request.method, 16),
      path: cleanName(request.originalUrl.split('?')[0], 1_000),
    },
    meta: hasAny(meta) ? meta : undefined,
  });
}

/** How something ended. */
export interface Ending {
  id: string;
  at: string;
  meta: JsonObject;
  context: AuditContext;
  /** What went wrong; without it, it succeeded */
  error?: Pick<CleanError, 'name' | 'message'>;
}

/** The record of how something ended: what its intent said, and the end. */
export function outcomeBody(intent: RecordBody, ending: Ending): RecordBody {
  const { error, context } = ending;
  const { actor, door, service, environment, reason } = context;
  const meta = { ...intent.meta, ...ending.meta };
  const correlation =
    context.correlation ??
    intent.correlation ??
    taskIn({ plugin: intent.plugin, meta });
  return recordBodySchema.parse({
    ...intent,
    ...withoutUndefined({
      ...{ actor, door, service, environment, correlation, reason },
    }),
    id: ending.id,
    at: ending.at,
    phase: 'outcome',
    intent: intent.id,
    startedAt: intent.at,
    outcome: error ? failure(error, context) : 'succeeded',
    meta: hasAny(meta) ? meta : undefined,
    error,
  });
}

/** What belongs to one creation has one task, which the scaffolder names in its own way. */
function taskIn(event: { plugin: string; meta: JsonObject }) {
  const { taskId } = event.meta;
  return event.plugin === 'scaffolder' && typeof taskId === 'string'
    ? cleanName(taskId, MAX_NAME)
    : undefined;
}

function failure(
  error: Pick<CleanError, 'name'>,
  context: AuditContext,
): 'failed' | 'refused' {
  const refused = context.refused ?? error.name === 'NotAllowedError';
  return refused ? 'refused' : 'failed';
}

function hasAny(object: JsonObject): boolean {
  return Object.keys(object).length > 0;
}

function withoutUndefined(object: object): object {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined),
  );
}
