import { AuditorService } from '@backstage/backend-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { AuditActor, AuditContext } from '@highroad/plugin-platform-common';
import { SteerAction } from '@highroad/plugin-deployments-node';

/** Holding back, and putting back what worked, must not wait for the ledger. */
const HOLDS_BACK: SteerAction[] = ['pause', 'abort'];

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
    return this.#around('apply', mustBe, metaOf(deployment), work);
  }

  /**
   * Steers the shifting of traffic, recorded before and after as done for whoever asked for it. In production, what gives
   * a new version more of the traffic is not done where it can't be recorded.
   *
   * @param options.by - who wants it; who asked for the deployment if left out
   */
  async steering<T>(
    deployment: Deployment,
    action: SteerAction,
    options: { by?: string; production: boolean },
    work: () => Promise<T>,
  ): Promise<T> {
    const mustBe =
      options.production &&
      deployment.kind !== 'rollback' &&
      !HOLDS_BACK.includes(action);
    const meta = { ...metaOf(deployment, options.by), action };
    return this.#around('shift', mustBe, meta, work);
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

  /** @param mustBe - it is not done where it can't be recorded */
  async #around<T>(
    eventId: string,
    mustBe: boolean,
    meta: ReturnType<typeof metaOf> & { action?: SteerAction },
    work: () => Promise<T>,
  ): Promise<T> {
    const record = await this.#auditor.createEvent({
      ...{ eventId, meta },
      severityLevel: mustBe ? 'critical' : 'high',
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
}

function metaOf(deployment: Deployment, by = deployment.requestedBy) {
  const { id, kind, version, digest } = deployment;
  const { service, environment, correlation } = deployment;
  const actor: AuditActor = {
    kind: by.startsWith('user:') ? 'user' : 'service',
    ref: by,
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
