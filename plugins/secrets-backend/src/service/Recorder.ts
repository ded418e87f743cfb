import { AuditorService } from '@backstage/backend-plugin-api';
import { AuditContext } from '@highroad/plugin-platform-common';
import { randomUUID } from 'node:crypto';
import { correlated, currentCorrelation } from '../drivers/vault/correlation';

/** Records what the platform does with secrets on its own. Not done where it cannot be recorded. */
export class Recorder {
  readonly #auditor: AuditorService;

  constructor(options: { auditor: AuditorService }) {
    this.#auditor = options.auditor;
  }

  async doing<T>(
    event: string,
    about: { service: string; environment: string; keys?: string[] },
    work: () => Promise<T>,
  ): Promise<T> {
    const { service, environment, keys } = about;
    const correlation = currentCorrelation() ?? randomUUID();
    const platform: AuditContext = {
      ...{ service, environment, correlation },
      actor: { kind: 'service', ref: 'plugin:secrets' },
      door: 'controller',
    };
    const record = await this.#auditor.createEvent({
      eventId: event,
      severityLevel: 'critical',
      meta: { platform, ...(keys && { keys }) },
    });
    try {
      const result = await correlated(correlation, work);
      await record.success();
      return result;
    } catch (error) {
      await record.fail({
        error: error instanceof Error ? error : new Error(String(error)),
      });
      throw error;
    }
  }
}
