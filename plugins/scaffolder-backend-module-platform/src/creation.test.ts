import {
  createMockDirectory,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import giteaModule from '@backstage/plugin-scaffolder-backend-module-gitea';
import githubModule from '@backstage/plugin-scaffolder-backend-module-github';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { parse } from 'yaml';
import scaffolderModulePlatform from '.';
import { GiteaServer } from './__testUtils__/giteaServer';
import { GithubServer } from './__testUtils__/githubServer';
import { creationMark } from './git-hosts/creationMark';

const TEMPLATE = resolve(
  __dirname,
  '../../../catalog-templates/service/template.yaml',
);

const TOKEN = 'secret-token';

const HOSTS = {
  Gitea: {
    Server: GiteaServer,
    integrations: (host: string) => ({
      gitea: [
        {
          ...{ host, baseUrl: `http://${host}` },
          ...{ username: 'bot', password: TOKEN },
        },
      ],
    }),
    taken: 'has a repository acme/vault already',
  },
  GitHub: {
    Server: GithubServer,
    integrations: (host: string) => ({
      github: [{ host, apiBaseUrl: `http://${host}/api/v3`, token: TOKEN }],
    }),
    taken: 'name already exists',
  },
};

describe.each(['Gitea', 'GitHub'] as const)(
  'creating a service at %s, through the whole template',
  kind => {
    const { Server, integrations, taken } = HOSTS[kind];
    const mock = createMockDirectory();
    const server = new Server(mock.resolve('repositories'), TOKEN);
    const { repositories } = server;
    const registered = new Set<string>();
    /** Registration fails while this is set. */
    let catalogIsDown = false;
    let backend: Awaited<ReturnType<typeof startTestBackend>>;

    beforeAll(async () => {
      mock.setContent({ repositories: {} });
      const host = await server.start();
      const template: Entity = parse(readFileSync(TEMPLATE, 'utf8'));
      template.metadata.annotations = {
        ...template.metadata.annotations,
        'backstage.io/managed-by-location': `file:${TEMPLATE}`,
      };
      const group: Entity = {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Group',
        metadata: { name: 'payments-team' },
      };
      const catalog = catalogServiceMock.mock({
        getEntities: async () => ({ items: [group] }),
        getEntityByRef: async ref => {
          const text =
            typeof ref === 'string' ? ref : `${ref.kind}:${ref.name}`;
          if (text.includes('template:')) return template;
          if (text.includes('payments-team')) return group;
          const name = text.split(/[:/]/).pop() ?? '';
          return registered.has(name)
            ? { ...group, kind: 'Component', metadata: { name } }
            : undefined;
        },
        getEntitiesByRefs: async ({ entityRefs }) => ({
          items: entityRefs.map(ref => {
            const name = ref.split('/')[1];
            return ref.startsWith('component:') && registered.has(name)
              ? { ...group, kind: 'Component', metadata: { name } }
              : undefined;
          }),
        }),
        addLocation: async ({ target, type, dryRun }) => {
          if (catalogIsDown) throw new Error('The catalog is down');
          const [, name] = /acme\/([^/]+)\//.exec(target) ?? [];
          if (!dryRun) registered.add(name);
          return {
            location: {
              id: '1',
              target,
              type: type ?? 'url',
              entityRef: 'location:default/x',
            },
            entities: [],
          };
        },
      });
      backend = await startTestBackend({
        features: [
          scaffolderPlugin,
          giteaModule,
          githubModule,
          scaffolderModulePlatform,
          catalog.factory,
          mockServices.rootConfig.factory({
            data: {
              app: { baseUrl: 'http://localhost:3000' },
              integrations: integrations(host),
              platform: { create: { gitOwner: 'acme', domain: 'shop.test' } },
            },
          }),
        ],
      });
    }, 60_000);
    afterAll(async () => {
      await backend?.stop();
      await server.stop();
    });

    const begin = async (name: string, description = '') => {
      const started = await request(backend.server)
        .post('/api/scaffolder/v2/tasks')
        .send({
          templateRef: 'template:default/service',
          values: {
            name,
            description,
            owner: 'payments-team',
            type: 'api',
            language: 'go',
          },
        });
      expect(started.status).toBe(201);
      return `/api/scaffolder/v2/tasks/${started.body.id}`;
    };
    const ended = async (path: string) => {
      for (let i = 0; i < 300; i++) {
        const { body } = await request(backend.server).get(path);
        if (body.status === 'completed' || body.status === 'failed') {
          const events = await request(backend.server).get(`${path}/events`);
          return {
            status: body.status,
            log: JSON.stringify(events.body),
          };
        }
        await sleep(100);
      }
      const { body } = await request(backend.server).get(`${path}/events`);
      throw new Error(
        `The creation did not end: ${JSON.stringify(body.slice(-8))}`,
      );
    };
    const create = async (name: string, description?: string) =>
      ended(await begin(name, description));

    it('pushes the files, and keeps the token out of the log', async () => {
      const { status, log } = await create('cart', 'Holds what is bought');
      expect({ status, log: status === 'failed' && log }).toEqual({
        status: 'completed',
        log: false,
      });
      const files = await repositories.git(
        'acme/cart',
        ...['ls-tree', '-r', '--name-only', 'main'],
      );
      expect(files.split('\n')).toEqual(
        expect.arrayContaining(['catalog-info.yaml', 'go.mod', 'Dockerfile']),
      );
      expect(log).not.toContain('secret-token');
      expect(repositories.descriptions.get('acme/cart')).toBe(
        'Holds what is bought',
      );
      expect(
        await repositories.git('acme/cart', 'show', 'main:go.mod'),
      ).toMatch(/^module shop\.test\/acme\/cart\n/);
    }, 60_000);

    it('leaves no repository behind when the push fails, so that the next try succeeds', async () => {
      repositories.refusePushes = true;
      const failed = await create('basket');
      repositories.refusePushes = false;
      expect(failed.status).toBe('failed');
      expect(repositories.removed).toEqual(['acme/basket']);

      expect((await create('basket')).status).toBe('completed');
      expect(repositories.removed).toEqual(['acme/basket']);
    }, 60_000);

    it('can be retried from where it stopped, after it has taken back what it made', async () => {
      repositories.refusePushes = true;
      const path = await begin('crate');
      expect((await ended(path)).status).toBe('failed');
      repositories.refusePushes = false;
      await request(backend.server).post(`${path}/retry`).send({}).expect(201);
      expect((await ended(path)).status).toBe('completed');
      expect(repositories.descriptions.get('acme/crate')).toBe('');
    }, 60_000);

    it('can be retried after the push, and pushes nothing again', async () => {
      server.refuseChanges = true;
      const path = await begin('barrel', 'Holds wine');
      expect((await ended(path)).status).toBe('failed');
      server.refuseChanges = false;
      const before = await repositories.git('acme/barrel', 'rev-list', '--all');
      await request(backend.server).post(`${path}/retry`).send({}).expect(201);
      expect((await ended(path)).status).toBe('completed');
      expect(repositories.descriptions.get('acme/barrel')).toBe('Holds wine');
      expect(await repositories.git('acme/barrel', 'rev-list', '--all')).toBe(
        before,
      );
    }, 60_000);

    it('leaves an empty repository that somebody else made meanwhile', async () => {
      server.beforeCreate = () => repositories.make('acme/vault', 'Mine');
      const failed = await create('vault');
      server.beforeCreate = async () => {};
      expect(failed.status).toBe('failed');
      expect(failed.log).toContain(taken);
      expect(repositories.descriptions.get('acme/vault')).toBe('Mine');
    }, 60_000);

    it('takes back what an earlier try could not', async () => {
      await repositories.make('acme/chest', creationMark('an-earlier-one'));
      expect((await create('chest')).status).toBe('completed');
      expect(repositories.removed).toContain('acme/chest');
    }, 60_000);

    it('keeps what was pushed when registration fails, and takes it up in the next try', async () => {
      catalogIsDown = true;
      const failed = await create('wallet');
      catalogIsDown = false;
      expect(failed.status).toBe('failed');
      const before = await repositories.git('acme/wallet', 'rev-list', '--all');
      expect(repositories.removed).not.toContain('acme/wallet');

      const { status, log } = await create('wallet');
      expect(status).toBe('completed');
      expect(log).toContain('Taking up the creation');
      expect(await repositories.git('acme/wallet', 'rev-list', '--all')).toBe(
        before,
      );
    }, 60_000);

    it('lets a second one of the same name begin nothing while the first goes on', async () => {
      const first = await begin('twice');
      const claimed = async () => {
        const { body } = await request(backend.server).get(`${first}/events`);
        return JSON.stringify(body).includes('twice will be at');
      };
      while (!(await claimed())) await sleep(20);
      const check = await request(backend.server)
        .get('/api/scaffolder/platform/v1/name-check')
        .query({ name: 'twice' });
      expect(check.body).toMatchObject({
        available: false,
        problem: expect.stringContaining('is being created at this moment'),
      });
      const second = await create('twice');
      expect(second.status).toBe('failed');
      expect(second.log).toContain('twice is being created at this moment');
      expect((await ended(first)).status).toBe('completed');
      expect(repositories.removed).not.toContain('acme/twice');
    }, 60_000);
  },
);
