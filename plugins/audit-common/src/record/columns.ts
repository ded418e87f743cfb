import { furtherEnvironmentsOf } from './environments';
import { Outcome, Phase, RecordBody, Severity } from './RecordBody';

/** What is stored beside a body so that it can be found. Each is a copy of something in the body. */
export interface RecordColumns {
  id: string;
  at: string;
  plugin: string;
  event: string;
  severity: Severity;
  phase: Phase;
  intent_id: string | null;
  outcome: Outcome | null;
  actor: string;
  door: string;
  service: string | null;
  environment: string | null;
  correlation: string | null;
}

/** The columns that belong to a body. `event` has the plugin's name in front, as people search for it. */
export function columnsOf(body: RecordBody): RecordColumns {
  return {
    id: body.id,
    at: body.at,
    plugin: body.plugin,
    event: eventName(body),
    severity: body.severity,
    phase: body.phase,
    intent_id: body.intent ?? null,
    outcome: body.outcome ?? null,
    actor: body.actor.ref,
    door: body.door,
    service: body.service ?? null,
    environment: body.environment ?? null,
    correlation: body.correlation ?? null,
  };
}

const names = [
  ...(['id', 'at', 'plugin', 'event', 'severity', 'phase'] as const),
  ...(['intent_id', 'outcome', 'actor', 'door'] as const),
  ...(['service', 'environment', 'correlation'] as const),
];

/**
 * The names of the columns that say something else than the body.
 *
 * Of the body only what the columns copy is read: that it has the right form was seen to when it was sealed, and looking
 * again would take most of the time of verifying.
 *
 * @param body - the stored text
 * @param environments - the further environments that it is found by, where they were read
 * @returns nothing if that is no body at all
 */
export function differingColumns(
  stored: RecordColumns,
  body: string,
  environments?: string[],
): string[] | undefined {
  const said = readJson(body);
  if (!isObject(said)) return undefined;
  const further = furtherEnvironmentsOf(said);
  const agree =
    !environments ||
    (environments.length === further.length &&
      environments.every((name, at) => name === further[at]));
  const actor = isObject(said.actor) ? said.actor : {};
  const expected: Record<keyof RecordColumns, unknown> = {
    ...{ id: said.id, at: said.at, plugin: said.plugin },
    event: `${said.plugin}.${said.event}`,
    ...{ severity: said.severity, phase: said.phase, outcome: said.outcome },
    ...{ intent_id: said.intent, actor: actor.ref, door: said.door },
    ...{ service: said.service, environment: said.environment },
    correlation: said.correlation,
  };
  const found: Record<keyof RecordColumns, unknown> = stored;
  const differing: string[] = names.filter(
    name => (found[name] ?? null) !== (expected[name] ?? null),
  );
  return agree ? differing : [...differing, 'environments'];
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** `deployments.deployment-create`: unique over all plugins. */
export function eventName(body: { plugin: string; event: string }): string {
  return `${body.plugin}.${body.event}`;
}
