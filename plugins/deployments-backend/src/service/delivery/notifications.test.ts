import { createBackendPlugin } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import notificationsPlugin from '@backstage/plugin-notifications-backend';
import {
  NotificationService,
  notificationService,
} from '@backstage/plugin-notifications-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { DeploymentDetail } from '@highroad/plugin-deployments-common';
import { NotificationTarget } from './NotificationTarget';

const ID = '01932c07-5b1f-7c3e-8a55-0123456789ab';
const failed: DeploymentDetail = {
  id: ID,
  kind: 'deploy',
  service: 'component:default/cart',
  environment: 'staging',
  version: '2.0.0',
  image: 'registry.example/cart',
  state: 'failed',
  summary: 'The image cannot be pulled. 1.0.0 is put back.',
  requestedBy: 'user:default/anna',
  door: 'cli',
  correlation: 'test-0001',
  requestedAt: '2026-11-25T12:00:00.000Z',
  revision: 9,
  steps: [],
};

describe('notifications, with the portal’s own backend', () => {
  it('reach the members of the owning group, once even if sent twice', async () => {
    let notifications: NotificationService | undefined;
    const { server, stop } = await startTestBackend({
      features: [
        notificationsPlugin,
        // Sends as the plugin of deployments does.
        createBackendPlugin({
          pluginId: 'deployments',
          register(env) {
            env.registerInit({
              deps: { service: notificationService },
              async init({ service }) {
                notifications = service;
              },
            });
          },
        }),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: 'http://localhost:3000' },
            backend: { baseUrl: 'http://localhost:7007' },
          },
        }),
        catalogServiceMock.factory({
          entities: [
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Group',
              metadata: { name: 'payments' },
              relations: [
                { type: 'hasMember', targetRef: 'user:default/mock' },
              ],
            },
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'User',
              metadata: { name: 'mock' },
            },
          ],
        }),
      ],
    }).then(backend => ({
      server: backend.server,
      stop: () => backend.stop(),
    }));
    try {
      if (!notifications) throw new Error('There is no service');
      const target = new NotificationTarget({
        contacts: { of: async () => ({ owner: 'group:default/payments' }) },
        notifications,
      });
      const message = {
        deployment: failed,
        place: undefined,
        attempted: false,
        attempting: async () => {},
        signal: new AbortController().signal,
      };
      // As after a crash between sending and writing that down.
      await target.tell(message);
      await target.tell(message);
      const response = await fetch(
        `http://localhost:${server.port()}/api/notifications/notifications`,
        { headers: { authorization: mockCredentials.user.header() } },
      );
      const body = await response.json();
      expect(body.notifications).toMatchObject([
        {
          origin: 'plugin:deployments',
          payload: {
            title: 'Failed: 2.0.0 of cart to staging',
            link: `/deployments/${ID}`,
            severity: 'high',
            scope: ID,
          },
        },
      ]);
    } finally {
      await stop();
    }
  });
});
