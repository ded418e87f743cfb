import { NotificationService } from '@backstage/plugin-notifications-node';
import { Deployment, hasEnded } from '@highroad/plugin-deployments-common';
import { PLATFORM } from '../Ending';
import { Contacts } from './Contacts';
import { Message, Target } from './Target';
import { askerOf, subjectOf } from './words';

/** Notifies the owners of a service in the portal of what failed and what was rolled back. */
export class NotificationTarget implements Target {
  readonly name = 'notifications';
  readonly #contacts: Contacts;
  readonly #notifications: NotificationService;

  constructor(options: {
    contacts: Contacts;
    notifications: NotificationService;
  }) {
    this.#contacts = options.contacts;
    this.#notifications = options.notifications;
  }

  async tell({ deployment, place }: Message): Promise<unknown> {
    const { id, service, state, summary } = deployment;
    if (place !== undefined || !concerns(deployment)) return place;
    const { owner } = await this.#contacts.of(service);
    if (!owner) return undefined;
    const subject = subjectOf(deployment);
    await this.#notifications.send({
      recipients: { type: 'entity', entityRef: owner },
      payload: {
        title:
          state === 'failed'
            ? `Failed: ${subject}`
            : `Rolled back by ${askerOf(deployment)}: ${subject}`,
        description: summary,
        link: `/deployments/${id}`,
        severity: state === 'failed' ? 'high' : 'normal',
        topic: 'deployments',
        // Sent twice, it is the same notification.
        scope: id,
      },
    });
    return { state };
  }
}

/** A rollback that the platform began is told with what it undoes, unless it fails too. */
function concerns({ kind, state, requestedBy }: Deployment): boolean {
  if (!hasEnded(state)) return false;
  if (state === 'failed') return true;
  return (
    kind === 'rollback' && state === 'succeeded' && requestedBy !== PLATFORM
  );
}
