import { AuditorService } from '@backstage/backend-plugin-api';
import { AuditContext } from '@highroad/plugin-platform-common';
import { ownerOf } from './describe';
import { EnvironmentResource } from './EnvironmentResources';

/** Records what the controller does by itself. */
export class Recorder {
  readonly #auditor: AuditorService;

  constructor(options: { auditor: AuditorService }) {
    this.#auditor = options.auditor;
  }

  /** An environment is ended because its time is up. */
  async expired(resource: EnvironmentResource): Promise<void> {
    const platform: AuditContext = {
      actor: { kind: 'service', ref: 'plugin:environments' },
      door: 'controller',
      reason: 'its time is up',
    };
    const record = await this.#auditor.createEvent({
      eventId: 'delete',
      severityLevel: 'medium',
      meta: {
        platform,
        environment: resource.name,
        owner: ownerOf(resource) ?? 'nobody',
      },
    });
    await record.success();
  }
}
