import { describeWithSandbox, pushImage } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { callAction } from '../support/callAction';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { until } from '../support/until';
import {
  databaseOf,
  DUMP,
  leftOf,
  query,
  SEED,
  SEEDED,
  seededRows,
  untilAnswering,
} from './support/preview';
import { Contributor, ServiceRepository } from '../support/ServiceRepository';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MANIFEST = 'platform/environments/preview.yaml';

const openSchema = z.object({
  repository: z.string(),
  items: z.array(
    z.object({
      number: z.number(),
      title: z.string(),
      url: z.string(),
      branch: z.string(),
      fork: z.boolean(),
      environment: z.string(),
    }),
  ),
});
const shownSchema = z.object({
  environment: z.object({
    name: z.string(),
    namespace: z.string(),
    url: z.string(),
    status: z.object({
      services: z.array(
        z.object({
          name: z.string(),
          state: z.string(),
          image: z.string().optional(),
          commit: z.string().optional(),
          message: z.string().optional(),
        }),
      ),
    }),
  }),
});
const deploymentsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ uid: z.string() }),
      spec: z.object({
        template: z.object({
          spec: z.object({
            containers: z.array(
              z.object({
                image: z.string(),
                startupProbe: z.object({
                  httpGet: z.object({ path: z.string() }),
                }),
                env: z.array(z.object({ name: z.string() })),
              }),
            ),
          }),
        }),
      }),
    }),
  ),
});

/**
 * What a service's repository holds, run as it is: chosen among the open pull requests, changed, ended. Every part is the real
 * one; where pods don't really run, nobody builds images, and none answers.
 */
describeWithSandbox(
  'The preview of a pull request that is chosen, by the service’s own manifests',
  ['cluster', 'registry', 'git-host', 'postgres'],
  sandbox => {
    const name = `own-${randomBytes(3).toString('hex')}`;
    const manifest = `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: ${name}-preview
spec:
  type: preview
  ttl: 1d
  services:
    - name: ${name}
      from: { service: ${name} }
  databases:
    - type: postgres
      seed: ${SEED}
`;
    let portal: RunningPortal;
    let repository: ServiceRepository;
    let contributor: Contributor | undefined;
    let opened: { number: number; url: string };
    let commit: string;

    const isReal = () => sandbox.connection.node.kind === 'real';

    beforeAll(async () => {
      portal = await startPortal();
      repository = ServiceRepository.ofService(sandbox, name);
      const { code, stderr } = await platform(portal, [
        ...['service', 'create', name, '--type', 'api', '--language', 'go'],
        ...['--database', 'postgres', '--json'],
      ]);
      if (code !== 0) throw new Error(stderr);
      await repository.branch('change');
      commit = await repository.commit('change', {
        ...{ [SEED]: DUMP, [MANIFEST]: manifest },
      });
      opened = await repository.open('change');
      if (!isReal()) {
        const { address } = sandbox.connection.registry;
        await pushImage(address, `${repository.owner}/${name}`, {
          references: [commit],
        });
      }
    }, 14 * MINUTE);
    afterAll(async () => {
      await contributor?.remove();
      await portal?.stop();
    });

    const untilAnswers = async (address: string) => {
      if (isReal()) {
        await untilAnswering(sandbox, address, status => status === 200);
      }
    };
    const listed = async () => {
      const { stdout } = await platform(portal, [
        ...['env', 'pull-requests', name, '--json'],
      ]);
      return openSchema.parse(JSON.parse(stdout)).items;
    };
    const bring = (url: string) =>
      platform(portal, [
        ...['env', 'create', '--pull-request', url, '--timeout', '900'],
      ]);
    const shown = async (number: number) => {
      const one = (await listed()).find(item => item.number === number);
      const { stdout } = await platform(portal, [
        ...['env', 'show', String(one?.environment), '--json'],
      ]);
      return shownSchema.parse(JSON.parse(stdout)).environment;
    };
    const deployment = async (namespace: string) => {
      const { kubectl } = await sandbox.cluster();
      const { items } = deploymentsSchema.parse(
        JSON.parse(
          await kubectl([
            ...['get', 'deployments', `--namespace=${namespace}`, '-o=json'],
          ]),
        ),
      );
      expect(items).toHaveLength(1);
      const [{ metadata, spec }] = items;
      return { ...metadata, container: spec.template.spec.containers[0] };
    };

    it(
      'runs as the repository says, seeded, at an address that answers',
      async () => {
        expect(await listed()).toEqual([
          expect.objectContaining({
            ...opened,
            ...{ title: 'Merge change', branch: 'change', fork: false },
          }),
        ]);
        const { stdout: table } = await platform(portal, [
          ...['env', 'pull-requests', name],
        ]);
        expect(table).toContain('platform env create --pull-request');

        // As an agent asks.
        const service = `component:default/${name}`;
        expect(
          await callAction(portal, 'environments.open-pull-requests', {
            service,
          }),
        ).toMatchObject({ items: [{ url: opened.url }] });
        expect(
          await callAction(
            portal,
            'environments.preview-pull-request-environment',
            { url: opened.url },
          ),
        ).toMatchObject({
          ...{ commit, problems: [] },
          manifest: expect.stringContaining(`revision: ${commit}`),
        });

        const brought = await bring(opened.url);
        expect(brought).toMatchObject({ code: 0 });
        expect(brought.stdout).toContain(`ready`);
        const { url, namespace, status } = await shown(opened.number);
        expect(status.services).toEqual([
          expect.objectContaining({ name, state: 'ready', commit }),
        ]);
        const { container } = await deployment(namespace);
        expect(container.image).toMatch(new RegExp(`:${commit}$`));
        // As deploy/base has it; the environment's manifest says nothing of it.
        expect(container.startupProbe.httpGet.path).toBe('/healthz');
        expect(container.env.map(one => one.name)).toContain('DATABASE_URL');
        await untilAnswers(url);
        const database = await databaseOf(sandbox, namespace);
        expect(await seededRows(database)).toEqual(SEEDED);
        expect(await leftOf(sandbox, database)).toHaveLength(2);
        const [comment] = await repository.told(opened.number);
        expect(comment).toContain(url);
      },
      20 * MINUTE,
    );

    it(
      'comes back, seeded anew, when it is chosen again after somebody ended it',
      async () => {
        const before = await shown(opened.number);
        const database = await databaseOf(sandbox, before.namespace);
        await query(database, 'DELETE FROM public.demo');
        await repository.comment(opened.number, '/platform destroy');
        await repository.untilTold(
          opened.number,
          ['environment: ended', '/platform create'],
          5 * MINUTE,
        );
        expect(await bring(opened.url)).toMatchObject({ code: 0 });
        const after = await shown(opened.number);
        const again = await databaseOf(sandbox, after.namespace);
        expect(await seededRows(again)).toEqual(SEEDED);
        await untilAnswers(after.url);
      },
      20 * MINUTE,
    );

    it(
      'goes on as it was at a commit without manifests, and says what to add',
      async () => {
        const before = await shown(opened.number);
        const { uid } = await deployment(before.namespace);
        const all = await repository.files('change');
        const removed = await repository.commit(
          'change',
          Object.fromEntries(
            all.flatMap(path =>
              path.startsWith('deploy/') ? [[path, null]] : [],
            ),
          ),
        );
        await repository.untilTold(
          opened.number,
          [
            removed.slice(0, 7),
            'environment: degraded',
            "manifests can't be taken",
            'deploy/overlays/staging',
          ],
          5 * MINUTE,
        );
        const { status, url, namespace } = await shown(opened.number);
        expect(status.services[0]).toMatchObject({
          state: 'failing',
          message: expect.stringMatching(/neither deploy.*has a kustomization/),
        });
        const { uid: after, container } = await deployment(namespace);
        expect(after).toBe(uid);
        expect(container.image).toContain(commit);
        await untilAnswers(url);
      },
      20 * MINUTE,
    );

    it(
      'of a fork is shown with who has to approve what, and runs that commit’s manifests only then',
      async () => {
        contributor = await repository.contributor();
        const { fork } = contributor;
        const theirs = await fork.commit('main', {
          ...{ [MANIFEST]: manifest, [SEED]: DUMP },
        });
        const { number, url } = await repository.open('main', fork);
        await repository.untilTold(
          number,
          ['waiting for approval'],
          5 * MINUTE,
        );
        expect(await listed()).toContainEqual(
          expect.objectContaining({ ...{ number, url, fork: true } }),
        );
        const refused = await bring(url);
        expect(refused.code).toBe(4);
        expect(refused.stderr).toContain('It comes from a fork');
        await expect(
          callAction(portal, 'environments.bring-pull-request-environment', {
            url,
          }),
        ).rejects.toThrow('It comes from a fork');
        expect(refused.stderr).toContain(`/platform approve ${theirs}`);

        await repository.comment(number, `/platform approve ${theirs}`);
        const service = await until(
          async () => {
            const { code, stdout } = await platform(portal, [
              ...['env', 'list', '--service', name, '--json'],
            ]);
            if (code !== 0 || !stdout.includes(theirs)) return undefined;
            const { status } = await shown(number);
            return status.services.find(one => one.commit === theirs);
          },
          5 * MINUTE,
          () => 'The commit that was approved is not read.',
          SECOND,
        );
        expect(service.image).toContain(theirs);
        await repository.close(number);
        await repository.untilTold(number, ['environment: gone'], 5 * MINUTE);
      },
      20 * MINUTE,
    );

    it(
      'is neither offered nor made when the pull request is closed, and nothing is left of it',
      async () => {
        const { namespace } = await shown(opened.number);
        const database = await databaseOf(sandbox, namespace);
        await repository.close(opened.number);
        await repository.untilTold(
          opened.number,
          ['environment: gone'],
          5 * MINUTE,
        );
        expect(await listed()).toEqual([]);
        const refused = await bring(opened.url);
        expect(refused.code).toBe(4);
        expect(refused.stderr).toContain(
          'The pull request is closed, so it has no environment. Open it again',
        );
        const { kubectl } = await sandbox.cluster();
        expect(await kubectl(['get', 'namespaces', '-o=name'])).not.toContain(
          namespace,
        );
        expect(await leftOf(sandbox, database)).toEqual([]);
      },
      20 * MINUTE,
    );
  },
);
