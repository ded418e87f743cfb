import { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import { OwnerAlerts } from './OwnerAlerts';

const path = {
  ...{ service: 'component:default/cart', environment: 'staging' },
  key: 'API_KEY',
};

describe('what owners are told of a rotation', () => {
  const sent: NotificationSendOptions[] = [];
  const alerts = new OwnerAlerts({
    notifications: {
      send: async notification => {
        sent.push(notification);
      },
    },
    services: {
      ownersOf: async () => new Map([[path.service, 'group:default/shop']]),
    },
  });

  it('leads to what to do where something went wrong, and to the keys where nothing did', async () => {
    await alerts.failed(path, 'Vault is sealed.');
    await alerts.left(path, 'The server does not answer.');
    await alerts.due(path, new Date('2026-12-01T02:00:00Z'));
    const runbook =
      '/docs/default/component/highroad/runbooks/secret-not-replaced/';
    expect(sent.map(({ payload }) => [payload.title, payload.link])).toEqual([
      ['Not replaced: API_KEY in staging', runbook],
      ['Not ended: what API_KEY in staging was before', runbook],
      [
        'Due: API_KEY in staging',
        '/secrets?service=component%3Adefault%2Fcart',
      ],
    ]);
  });
});
