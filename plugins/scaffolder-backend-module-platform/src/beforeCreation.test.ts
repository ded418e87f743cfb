import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { resolve } from 'node:path';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import request from 'supertest';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import scaffolderModulePlatform from '.';

const template = resolve(
  __dirname,
  '../../../catalog-templates/service/template.yaml',
);

describe('what is asked before a service is created', () => {
  let backend: Awaited<ReturnType<typeof startTestBackend>>;

  beforeAll(async () => {
    const entity = parse(readFileSync(template, 'utf8'));
    entity.metadata.annotations = {
      ...entity.metadata.annotations,
      'backstage.io/managed-by-location': `file:${template}`,
    };
    backend = await startTestBackend({
      features: [
        scaffolderPlugin,
        scaffolderModulePlatform,
        catalogServiceMock.factory({
          entities: [
            entity,
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Group',
              metadata: { name: 'payments-team' },
            },
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Component',
              metadata: { name: 'taken' },
            },
          ],
        }),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: 'http://localhost:3000' },
            platform: {
              localRepositories: { directory: '/tmp/highroad-no-such-folder' },
              access: { machines: [{ subject: 'ci', services: ['*'] }] },
            },
          },
        }),
      ],
    });
  }, 60_000);
  afterAll(() => backend.stop());

  const base = '/api/scaffolder/platform/v1';

  it('lists where repositories can be created', async () => {
    const { body, status } = await request(backend.server).get(
      `${base}/git-hosts`,
    );
    expect(status).toBe(200);
    expect(body.default).toBe('local');
  });

  it.each([
    ['cart', true, /^$/],
    ['taken', false, /There is a taken/],
    ['Cart!', false, /lower-case/],
  ])('checks the name %s', async (name, available, problem) => {
    const { body } = await request(backend.server)
      .get(`${base}/name-check`)
      .query({ name });
    expect(body.available).toBe(available);
    expect(body.problem ?? '').toMatch(problem);
  });

  it('previews the files of a service without making any', async () => {
    const { body, status } = await request(backend.server)
      .post(`${base}/preview`)
      .send({
        templateRef: 'template:default/service',
        values: {
          name: 'cart',
          owner: 'payments-team',
          type: 'api',
          language: 'go',
        },
      });
    expect(status).toBe(200);
    const paths = body.files.map((file: { path: string }) => file.path);
    expect(paths).toEqual(
      expect.arrayContaining(['catalog-info.yaml', 'go.mod', 'README.md']),
    );
    expect(body.output.repositoryUrl).toBe(
      'http://localhost:3000/repositories/payments-team/cart',
    );
  }, 30_000);

  it('says in words why a preview is not possible', async () => {
    const preview = (values: object) =>
      request(backend.server)
        .post(`${base}/preview`)
        .send({ templateRef: 'template:default/service', values });
    const taken = await preview({
      name: 'taken',
      owner: 'payments-team',
      type: 'api',
      language: 'go',
    });
    expect(taken.status).toBe(409);
    expect(taken.body.error.message).toMatch(/There is a taken/);

    const wrong = await preview({ name: 'cart', owner: 'x', type: 'cobol' });
    expect(wrong.status).toBe(400);
  }, 30_000);

  it('names what is missing or wrong in a request', async () => {
    const preview = await request(backend.server)
      .post(`${base}/preview`)
      .send({ template: 'template:default/service' });
    expect(preview.status).toBe(400);
    expect(preview.body.error.message).toMatch(
      /templateRef is missing; values is missing; .*did you mean "templateRef"/,
    );
    const check = await request(backend.server).get(`${base}/name-check`);
    expect(check.status).toBe(400);
    expect(check.body.error.message).toContain('name is missing');
  });

  it('runs no template for a machine', async () => {
    const { status, body } = await request(backend.server)
      .post(`${base}/preview`)
      .set(
        'Authorization',
        mockCredentials.service.header({
          onBehalfOf: mockCredentials.service('ci'),
          targetPluginId: 'scaffolder',
        }),
      )
      .send({ templateRef: 'template:default/service', values: {} });
    expect(status).toBe(403);
    expect(body.error.message).toContain('Only people may preview');
  });

  it('refuses what is not signed in', async () => {
    for (const [method, path] of [
      ['get', '/git-hosts'],
      ['get', '/name-check?name=cart'],
      ['post', '/preview'],
    ] as const) {
      const { status } = await request(backend.server)
        [method](`${base}${path}`)
        .set('Authorization', 'Bearer mock-none-token');
      expect(status).toBe(401);
    }
  });

  it('leaves the scaffolder’s own routes to it', async () => {
    const { status } = await request(backend.server).get(
      '/api/scaffolder/v2/actions',
    );
    expect(status).toBe(200);
  });
});
