import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { pullRequestDelivery } from '@highroad/plugin-environments-common';
import {
  createDeliveryRouter,
  RefusalRecords,
} from '@highroad/plugin-platform-node';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import express from 'express';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { EnvironmentWorld, OWNER } from '../__testUtils__/EnvironmentWorld';
import {
  GiteaPerson,
  GiteaRepository,
} from '../drivers/gitHosts/__testUtils__/GiteaRepository';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { until } from './__testUtils__/until';
import { createPullRequests, PullRequests } from './createPullRequests';
import { environmentNameOf } from './PullRequestRef';
import { MANIFEST_PATH } from './wantedEnvironment';

jest.setTimeout(240_000);

const SECRET = 'a-secret-of-the-webhooks';
const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const manifest = (ttl: string) => `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: cart-preview
spec:
  type: preview
  ttl: ${ttl}
  services:
    - name: cart
      image: myorg/cart:$(commit)
`;

describeWithSandbox(
  'pull requests on a real Git host and a real cluster',
  ['cluster', 'git-host', 'simulated-node'],
  sandbox => {
    let world: EnvironmentWorld;
    let repository: GiteaRepository;
    let pullRequests: PullRequests;
    let server: Server;
    let hosts: PullRequestHosts;
    let person: GiteaPerson;
    let maintainer: GiteaPerson;

    const start = async () => {
      const { address, username, password } = repository.gitHost;
      const host = new URL(address).host;
      const config = mockServices.rootConfig({
        data: {
          app: { baseUrl: 'http://portal.test' },
          integrations: {
            gitea: [{ host, baseUrl: address, username, password }],
          },
          platform: {
            pullRequests: {
              hosts: [{ host, webhookSecret: SECRET }],
              relistSeconds: 5,
            },
          },
        },
      });
      hosts = PullRequestHosts.fromConfig(config);
      const db = await databases.init('SQLITE_3');
      await db.migrate.latest({
        directory: resolvePackagePath(
          '@highroad/plugin-environments-backend',
          'migrations',
        ),
      });
      pullRequests = createPullRequests({
        ...{ config, db, drivers: ['server'], holder: 'test' },
        auditor: mockServices.auditor.mock({
          createEvent: async () => ({
            success: async () => {},
            fail: async () => {},
          }),
        }),
        auth: mockServices.auth(),
        catalog: catalogServiceMock({
          entities: [
            {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Component',
              metadata: {
                name: 'cart',
                annotations: {
                  'backstage.io/managed-by-location': `url:${address}/${repository.owner}/${repository.name}/src/branch/main/catalog-info.yaml`,
                },
              },
              spec: {},
              relations: [{ type: 'ownedBy', targetRef: OWNER }],
            },
          ],
        }),
        environments: world.resources,
        logger: mockServices.logger.mock(),
        now: () => new Date(),
        random: Math.random,
        settings: world.settings,
      });
      const app = express();
      app.use(
        createDeliveryRouter(
          pullRequestDelivery,
          pullRequests.taker,
          new RefusalRecords({
            ...{ eventId: 'webhook', logger: mockServices.logger.mock() },
            auditor: mockServices.auditor.mock(),
          }),
        ),
      );
      app.use(
        MiddlewareFactory.create({
          config,
          logger: mockServices.rootLogger({ level: 'none' }),
        }).error(),
      );
      server = createServer(app);
      await new Promise<void>(done => {
        server.listen(0, '127.0.0.1', done);
      });
      pullRequests.start();
      return { host, port: (server.address() as AddressInfo).port };
    };

    beforeAll(async () => {
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        settings: { registry: 'registry.test:5000' },
      });
      await world.start();
      repository = new GiteaRepository(await sandbox.gitHost());
      await repository.create();
      person = await repository.person();
      maintainer = await repository.person();
      await repository.gitHost.request(
        'PUT',
        `${repository.path}/collaborators/${maintainer.login}`,
        { permission: 'write' },
      );
      const { host, port } = await start();
      await repository.webhook(
        `http://127.0.0.1:${port}/v1/webhooks/${encodeURIComponent(host)}`,
        SECRET,
      );
    });
    afterAll(async () => {
      await pullRequests?.stop();
      server?.closeAllConnections();
      await new Promise(done => server?.close(done));
      await person?.remove();
      await maintainer?.remove();
      await world?.cleanUp();
    });

    const nameOf = (number: number) =>
      environmentNameOf({
        ...{ host: hosts.all()[0].host, number },
        ...{ owner: repository.owner, name: repository.name },
      });
    const commentsOf = async (number: number) => {
      const [host] = hosts.all();
      const all = await host.comments({
        ...{ owner: repository.owner, name: repository.name, number },
      });
      return all.filter(({ own, body }) => own && body.includes('<!--'));
    };
    const says = (number: number, text: string) =>
      until(
        `the comment says "${text}"`,
        async () => {
          const [comment] = await commentsOf(number);
          return comment?.body.includes(text) ?? false;
        },
        90,
      );

    it('get an environment that follows them, obeys their comments and ends with them', async () => {
      const commit = await repository.commit(
        ...(['colours', MANIFEST_PATH, manifest('7d')] as const),
      );
      const number = await repository.open('colours');
      const name = nameOf(number);
      const made = await world.untilPhase(name, 'ready');
      expect(made.spec).toMatchObject({
        ...{ owner: OWNER, revision: commit },
        pullRequest: { number, commit, fork: false, branch: 'colours' },
      });
      await says(number, 'Preview environment: ready');
      await says(number, `http://cart-${name}.previews.test:8080`);

      const second = await repository.commit('colours', 'more.txt', 'x', {
        from: 'colours',
      });
      await world.untilResource(
        name,
        one => one.spec?.pullRequest?.commit === second,
        'the new commit',
      );
      const updated = await world.untilPhase(name, 'ready');
      expect(updated.uid).toBe(made.uid);
      await says(number, second.slice(0, 7));

      await repository.comment(number, '/platform destroy', person);
      await says(number, 'only people who may push');
      const before = Date.parse(updated.status.expiresAt ?? '');
      await repository.comment(number, '/platform extend 3d', maintainer);
      await world.untilResource(
        name,
        one =>
          Date.parse(one.status.expiresAt ?? '') === before + 3 * 86_400_000,
        'the extension',
      );

      await repository.close(number);
      await world.untilGone(name);
      await says(number, 'nothing is left of its environment');
      expect(await commentsOf(number)).toHaveLength(1);
      expect(await world.object('namespace', `env-${name}`)).toBeUndefined();
    });

    it('from forks wait for somebody who may push', async () => {
      await person.request('POST', `${repository.path}/forks`, {});
      const commit = await repository.commit(
        'theirs',
        MANIFEST_PATH,
        manifest('1d'),
        {
          as: person,
          repository: `${person.login}/${repository.name}`,
        },
      );
      const number = await repository.open(`${person.login}:theirs`, person);
      const name = nameOf(number);
      await says(number, 'waiting for approval');
      expect(await world.get(name)).toBeUndefined();
      await says(number, `/platform approve ${commit}`);
      await repository.comment(number, `/platform approve ${commit}`, person);
      await says(number, 'only people who may push');
      expect(await world.get(name)).toBeUndefined();
      await repository.comment(
        ...([number, `/platform approve ${commit}`, maintainer] as const),
      );
      const made = await world.untilResource(name, () => true, 'the approved');
      expect(made.spec?.pullRequest).toMatchObject({ fork: true });
      await repository.close(number);
      await world.untilGone(name);
    });
  },
);
