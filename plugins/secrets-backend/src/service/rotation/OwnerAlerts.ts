import { NotificationService } from '@backstage/plugin-notifications-node';
import { SecretPath } from '../../drivers/vault/SecretPath';
import { CatalogServices } from '../Services';
import { RotationAlerts } from './Rotator';

/** Notifies the owners of a service in the portal. */
export class OwnerAlerts implements RotationAlerts {
  readonly #notifications: NotificationService;
  readonly #services: Pick<CatalogServices, 'ownerOf'>;

  constructor(options: {
    notifications: NotificationService;
    services: Pick<CatalogServices, 'ownerOf'>;
  }) {
    this.#notifications = options.notifications;
    this.#services = options.services;
  }

  async failed(
    { service, environment, key }: SecretPath,
    problem: string,
  ): Promise<void> {
    const owner = await this.#services.ownerOf(service);
    if (!owner) return;
    await this.#notifications.send({
      recipients: { type: 'entity', entityRef: owner },
      payload: {
        title: `Not replaced: ${key} in ${environment}`,
        description: `${problem} The value before stays, and it is tried again. What to do: docs/runbooks/secret-not-replaced.md`,
        link: `/secrets?service=${encodeURIComponent(service)}`,
        severity: 'high',
        topic: 'secrets',
        // Told again, it is the same notification.
        scope: `rotation ${environment} ${service} ${key}`,
      },
    });
  }
}
