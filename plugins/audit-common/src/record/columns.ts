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

/** The names of the columns that say something else than the body. */
export function differingColumns(
  stored: RecordColumns,
  body: RecordBody,
): string[] {
  const expected = Object.entries(columnsOf(body));
  const found = new Map(Object.entries(stored));
  return expected
    .filter(([name, value]) => (found.get(name) ?? null) !== value)
    .map(([name]) => name);
}

/** `deployments.deployment-create`: unique over all plugins. */
export function eventName(body: { plugin: string; event: string }): string {
  return `${body.plugin}.${body.event}`;
}
