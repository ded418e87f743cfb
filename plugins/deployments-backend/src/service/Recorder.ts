import { AuditorService } from '@backstage/backend-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { AuditActor, AuditContext } from '@highroad/plugin-platform-common';

/** Records what workers do, long after whoever asked for it has gone. */
export class Recorder {
  readonly #auditor: AuditorService;

  constructor(options: { auditor: AuditorService }) {
    this.#auditor = options.auditor;
  }

  /**
   * Does what changes a cluster, recorded before and after. In production it is not done where it can't be recorded,
   * but for a rollback: putting back what worked must not wait.
   */
  async applying<T>(
    deployment: Deployment,
    options: { production: boolean },
    work: () => Promise<T>,
  ): Promise<T> {
    const mustBe = options.production && deployment.kind !== 'rollback';
    const record = await this.#auditor.createEvent({
      eventId: 'apply',
      severityLevel: mustBe ? 'critical' : 'high',
      meta: metaOf(deployment),
    });
    try {
      const result = await work();
      await record.success();
      return result;
    } catch (error) {
      await record.fail({ error: asError(error) });
      throw error;
    }
  }

  /** Says how a deployment ended, which was not known when it was asked for. */
  async ended(deployment: Deployment): Promise<void> {
    const { state, summary } = deployment;
    const record = await this.#auditor.createEvent({
      eventId: 'end',
      severityLevel: 'high',
      meta: { ...metaOf(deployment), state, summary },
    });
    if (state === 'succeeded') await record.success();
    else await record.fail({ error: new Error(summary) });
  }
}

function metaOf(deployment: Deployment) {
  const { id, kind, version, digest, requestedBy } = deployment;
  const { service, environment, correlation } = deployment;
  const actor: AuditActor = {
    kind: requestedBy.startsWith('user:') ? 'user' : 'service',
    ref: requestedBy,
  };
  const platform: AuditContext = {
    ...{ actor, service, environment, correlation },
    door: 'controller',
  };
  return { platform, deployment: id, kind, version, ...(digest && { digest }) };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
