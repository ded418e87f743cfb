import {
  NotificationSendOptions,
  NotificationService,
} from '@backstage/plugin-notifications-node';
import { SecretPath } from '../../drivers/vault/SecretPath';
import { CatalogServices } from '../Services';
import { RotationAlerts } from './Rotator';

/** The page of the portal's documentation about it. */
const RUNBOOK =
  '/docs/default/component/highroad/runbooks/secret-not-replaced/';

/** Notifies the owners of a service in the portal. */
export class OwnerAlerts implements RotationAlerts {
  readonly #notifications: NotificationService;
  readonly #services: Pick<CatalogServices, 'ownersOf'>;

  constructor(options: {
    notifications: NotificationService;
    services: Pick<CatalogServices, 'ownersOf'>;
  }) {
    this.#notifications = options.notifications;
    this.#services = options.services;
  }

  async failed(path: SecretPath, problem: string): Promise<void> {
    const { environment, key } = path;
    await this.#send(path, {
      title: `Not replaced: ${key} in ${environment}`,
      description: `${problem} The value before stays, and it is tried again. What to do is behind this.`,
      link: RUNBOOK,
      severity: 'high',
    });
  }

  async due(path: SecretPath, from: Date): Promise<void> {
    const { environment, key } = path;
    await this.#send(path, {
      title: `Due: ${key} in ${environment}`,
      description: `It is replaced when its time of day comes, from ${from.toISOString()} on.`,
      severity: 'low',
    });
  }

  async left(path: SecretPath, problem: string): Promise<void> {
    const { environment, key } = path;
    await this.#send(path, {
      title: `Not ended: what ${key} in ${environment} was before`,
      description: `${problem} This is not tried again. End the credentials before its last rotation where they are accepted; how is behind this.`,
      link: RUNBOOK,
      severity: 'high',
    });
  }

  async #send(
    { service, environment, key }: SecretPath,
    said: Pick<
      NotificationSendOptions['payload'],
      'title' | 'description' | 'severity' | 'link'
    >,
  ): Promise<void> {
    const owner = (await this.#services.ownersOf([service])).get(service);
    if (!owner) return;
    await this.#notifications.send({
      recipients: { type: 'entity', entityRef: owner },
      payload: {
        link: `/secrets?service=${encodeURIComponent(service)}`,
        ...said,
        topic: 'secrets',
        // What is said later of the same key takes its place.
        scope: `rotation ${environment} ${service} ${key}`,
      },
    });
  }
}
