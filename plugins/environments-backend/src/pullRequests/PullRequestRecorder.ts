import { AuditorService } from '@backstage/backend-plugin-api';
import { AuditActor } from '@highroad/plugin-platform-common';
import {
  PullRequestRef,
  environmentNameOf,
  referenceOf,
} from './PullRequestRef';

/** Records what is done because of a pull request, with whoever asked for it there. */
export class PullRequestRecorder {
  readonly #auditor: AuditorService;

  constructor(options: { auditor: AuditorService }) {
    this.#auditor = options.auditor;
  }

  /**
   * @param about.person - at the Git host; the platform itself if left out
   */
  async doing<T>(
    event: 'pull-request-apply' | 'pull-request-end' | 'pull-request-command',
    about: {
      pullRequest: PullRequestRef;
      person?: string;
      detail?: Record<string, string>;
      reason: string;
    },
    work: () => Promise<T>,
  ): Promise<T> {
    const { pullRequest, person, detail, reason } = about;
    const actor: AuditActor =
      person === undefined
        ? { kind: 'service', ref: 'plugin:environments' }
        : // Not a person of the catalog: whoever has that name at the Git host.
          { kind: 'service', ref: `${pullRequest.host}/${person}` };
    const { repository, number } = referenceOf(pullRequest);
    const record = await this.#auditor.createEvent({
      eventId: event,
      severityLevel: 'medium',
      meta: {
        platform: {
          ...{ actor, reason },
          door: 'webhook',
          environment: environmentNameOf(pullRequest),
        },
        pullRequest: `${pullRequest.host}/${repository}#${number}`,
        ...detail,
      },
    });
    try {
      const result = await work();
      await record.success();
      return result;
    } catch (error) {
      await record.fail({
        error: error instanceof Error ? error : new Error(String(error)),
      });
      throw error;
    }
  }

  /** Notes down what was refused; it stands whether it can be recorded or not. */
  async refused(about: {
    pullRequest: PullRequestRef;
    person: string;
    asked: string;
    why: string;
  }): Promise<void> {
    const { pullRequest, person, asked, why } = about;
    const { repository, number } = referenceOf(pullRequest);
    const record = await this.#auditor.createEvent({
      eventId: 'pull-request-command',
      severityLevel: 'high',
      meta: {
        platform: {
          actor: { kind: 'service', ref: `${pullRequest.host}/${person}` },
          ...{ door: 'webhook', refused: true },
          environment: environmentNameOf(pullRequest),
        },
        ...{
          asked,
          pullRequest: `${pullRequest.host}/${repository}#${number}`,
        },
      },
    });
    await record.fail({ error: new Error(why) });
  }
}
