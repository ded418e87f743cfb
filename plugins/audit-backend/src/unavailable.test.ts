import {
  coreServices,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import auditFeature, { auditDatabaseServiceRef } from './index';

it('lets a backend whose ledger has no database start, go on, and refuse only what must be recorded', async () => {
  const effect = jest.fn();
  const backend = await startTestBackend({
    features: [
      auditFeature,
      catalogServiceMock.factory(),
      mockServices.scheduler.factory(),
      createServiceFactory({
        service: auditDatabaseServiceRef,
        deps: {},
        factory: () => ({
          getClient: async () => {
            throw new Error('connect ECONNREFUSED 10.0.0.1:5432');
          },
        }),
      }),
      createBackendPlugin({
        pluginId: 'deeds',
        register: env =>
          env.registerInit({
            deps: {
              auditor: coreServices.auditor,
              router: coreServices.httpRouter,
            },
            async init({ auditor, router }) {
              router.use(async (req, res, next) => {
                try {
                  const event = await auditor.createEvent({
                    eventId: 'do',
                    severityLevel:
                      req.path === '/critical' ? 'critical' : 'medium',
                    request: req,
                  });
                  effect(req.path);
                  await event.success();
                  res.json({ ok: true });
                } catch (error) {
                  next(error);
                }
              });
            },
          }),
      }),
    ],
  });
  await request(backend.server).post('/api/deeds/medium').expect(200);
  const refused = await request(backend.server)
    .post('/api/deeds/critical')
    .expect(503);
  expect(refused.body.error.message).toMatch(
    /^deeds\.do was refused and nothing was done: .*ECONNREFUSED/,
  );
  expect(effect.mock.calls).toEqual([['/medium']]);

  const search = await request(backend.server)
    .get('/api/audit/v1/records')
    .expect(503);
  expect(search.body.error.message).toBe(
    'The audit ledger does not answer: connect ECONNREFUSED 10.0.0.1:5432. See docs/runbooks/audit-does-not-answer.md',
  );
  await backend.stop();
});
