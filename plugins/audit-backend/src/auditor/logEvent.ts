import { AuditorEvent } from '@backstage/backend-defaults/auditor';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const level = z.enum(['debug', 'info', 'warn', 'error']);
const levelsSchema = z
  .object({
    low: level.default('debug'),
    medium: level.default('info'),
    high: level.default('info'),
    critical: level.default('info'),
  })
  .default({});
export type SeverityLogLevels = z.output<typeof levelsSchema>;

/** Backstage's own setting of the level that events are logged at. */
export function severityLogLevels(config: Config): SeverityLogLevels {
  return readConfigAs(
    config,
    'backend.auditor.severityLogLevelMappings',
    levelsSchema,
  );
}

/** Logs an event in the form that Backstage's standard auditor does. */
export function logEvent(
  logger: LoggerService,
  levels: SeverityLogLevels,
  event: AuditorEvent,
): void {
  const name = `${event.plugin}.${event.eventId}`;
  const log = levels[event.severityLevel];
  const { meta, request, actor, plugin, eventId, severityLevel, status } =
    event;
  const fields = {
    ...{ isAuditEvent: true, plugin, eventId, severityLevel, status },
    ...{ actor, ...(request && { request }), ...(meta && { meta }) },
  };
  if ('error' in event) logger.child(fields)[log](name, event.error);
  else logger[log](name, fields);
}
