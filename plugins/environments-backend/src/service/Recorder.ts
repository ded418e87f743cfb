import { AuditorService, LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { AuditContext } from '@highroad/plugin-platform-common';
import { ownerOf } from './describe';
import { EnvironmentResource } from './EnvironmentResources';

/** Records what the controller does by itself. */
export class Recorder {
  readonly #auditor: AuditorService;
  readonly #logger: LoggerService;

  constructor(options: { auditor: AuditorService; logger: LoggerService }) {
    this.#auditor = options.auditor;
    this.#logger = options.logger;
  }

  /** An environment is ended because its time is up. That does not wait for the record. */
  async expired(resource: EnvironmentResource): Promise<void> {
    try {
      await this.#record(resource);
    } catch (error) {
      this.#logger.error(
        `The end of the environment ${
          resource.name
        } could not be recorded: ${stringifyError(error)}`,
      );
    }
  }

  async #record(resource: EnvironmentResource): Promise<void> {
    const platform: AuditContext = {
      actor: { kind: 'service', ref: 'plugin:environments' },
      door: 'controller',
      environment: resource.name,
      reason: 'its time is up',
    };
    const record = await this.#auditor.createEvent({
      eventId: 'delete',
      severityLevel: 'medium',
      meta: { platform, owner: ownerOf(resource) ?? 'nobody' },
    });
    await record.success();
  }
}
