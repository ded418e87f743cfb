import {
  describeWithSandbox,
  pushImage,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readPage } from '../docs/Terminal';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { ServiceRepository } from '../support/ServiceRepository';
import { until } from '../support/until';
import { copyImage } from './support/copyImage';
import {
  databaseOf,
  DUMP,
  leftOf,
  SEED,
  SEEDED,
  seededRows,
  untilAnswering,
} from './support/preview';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const OWNER = 'group:default/payments-team';
const MANIFEST = `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: pr-1234
spec:
  type: preview
  ttl: 7d
  services:
    - name: api
      image: myorg/api:pr-1234
    - name: frontend
      image: myorg/frontend:pr-1234
  databases:
    - type: postgres
      seed: fixtures/demo-data.sql
`;

const tagsSchema = z.object({ tags: z.array(z.string()).nullish() });
const resourceSchema = z.object({
  status: z
    .object({
      phase: z.string().optional(),
      message: z.string().optional(),
      namespace: z.string().optional(),
      owner: z.string().optional(),
      services: z
        .array(z.object({ name: z.string(), url: z.string().optional() }))
        .default([]),
    })
    .default({}),
});

/**
 * One manifest by every door, with images, rows and addresses that are real; where pods don't really run, nobody builds
 * images, and none answers.
 */
describeWithSandbox(
  'The manifest that the documentation shows',
  ['cluster', 'registry', 'git-host', 'postgres'],
  sandbox => {
    const name = `both-${randomBytes(3).toString('hex')}`;
    let portal: RunningPortal;
    let repository: ServiceRepository;
    let team: TestCluster;
    let folder: string;

    const isReal = () => sandbox.connection.node.kind === 'real';
    /** The image of a commit, under the manifest's name. */
    const haveImage = async (commit: string, as: string) => {
      const { address } = sandbox.connection.registry;
      if (!isReal()) {
        await pushImage(address, as, { references: ['pr-1234'] });
        return;
      }
      const from = `${repository.owner}/${name}`;
      await until(
        async () => {
          const response = await fetch(`${address}/v2/${from}/tags/list`);
          const { data } = tagsSchema.safeParse(await response.json());
          return data?.tags?.includes(commit);
        },
        25 * MINUTE,
        () => `There is no image of ${commit}.`,
        SECOND,
      );
      await copyImage(
        address,
        { repository: from, tag: commit },
        { repository: as, tag: 'pr-1234' },
      );
    };

    beforeAll(async () => {
      portal = await startPortal();
      folder = await mkdtemp(join(tmpdir(), 'highroad-manifest-'));
      await writeFile(join(folder, 'preview.yaml'), MANIFEST);
      team = await sandbox.cluster();
      await team.kubectl([
        ...['annotate', 'namespace', team.namespace],
        `platform.myorg.com/owner=${OWNER}`,
      ]);
      const { code, stderr } = await platform(portal, [
        ...['service', 'create', name, '--type', 'api', '--language', 'go'],
        ...['--database', 'postgres', '--json'],
      ]);
      if (code !== 0) throw new Error(stderr);
      repository = ServiceRepository.ofService(sandbox, name);
      // Both services of the manifest are in this repository, and its image is that of either.
      const info = await repository.read('catalog-info.yaml');
      const components = ['api', 'frontend'].map(
        service => `---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${service}
spec:
  type: service
  lifecycle: experimental
  owner: ${OWNER}
`,
      );
      const commit = await repository.commit('main', {
        [SEED]: DUMP,
        'catalog-info.yaml': `${info}\n${components.join('')}`,
      });
      for (const service of ['api', 'frontend']) {
        await haveImage(commit, `myorg/${service}`);
      }
      await until(
        async () => {
          const { code: found } = await platform(portal, [
            ...['service', 'show', 'frontend', '--json'],
          ]);
          return found === 0;
        },
        10 * MINUTE,
        () => 'The catalog has not read the file again.',
        SECOND,
      );
    }, 60 * MINUTE);
    afterAll(async () => {
      // Where a test has ended before it was taken away.
      await team?.kubectl([
        ...['delete', 'environment', 'pr-1234', '--namespace=environments'],
        ...['--ignore-not-found', '--wait=false'],
      ]);
      await rm(folder, { recursive: true, force: true });
      await portal?.stop();
    });

    const resourceIn = async (namespace: string, of: string) => {
      const text = await team.kubectl([
        ...['get', 'environment', of, `--namespace=${namespace}`, '-o=json'],
        '--ignore-not-found',
      ]);
      return text.trim()
        ? resourceSchema.parse(JSON.parse(text)).status
        : undefined;
    };
    const untilReady = async (namespace: string, of: string) => {
      let last: z.infer<typeof resourceSchema>['status'] | undefined;
      return until(
        async () => {
          last = await resourceIn(namespace, of);
          return last?.phase === 'ready' ? last : undefined;
        },
        10 * MINUTE,
        () => `It is not ready, but ${last?.phase}: ${last?.message}`,
        SECOND,
      );
    };
    /** Pods, rows and addresses, as whoever looks at it finds them. */
    const expectWhole = async (namespace: string, of: string) => {
      const status = await untilReady(namespace, of);
      expect(status.owner).toBe(OWNER);
      expect(status.services.map(service => service.name)).toEqual([
        'api',
        'frontend',
      ]);
      for (const { url } of isReal() ? status.services : []) {
        await untilAnswering(sandbox, String(url), answer => answer === 200);
      }
      const database = await databaseOf(sandbox, String(status.namespace));
      expect(await seededRows(database)).toEqual(SEEDED);
      expect(await leftOf(sandbox, database)).toHaveLength(2);
      return { database, own: String(status.namespace) };
    };
    const expectNothing = async (
      { database, own }: { database: URL; own: string },
      resource: [namespace: string, of: string],
    ) => {
      await until(
        async () => (await resourceIn(...resource)) === undefined,
        5 * MINUTE,
        () => 'It does not end.',
        SECOND,
      );
      const namespaces = await team.kubectl(['get', 'namespaces', '-o=name']);
      expect(namespaces.split('\n')).not.toContain(`namespace/${own}`);
      expect(await leftOf(sandbox, database)).toEqual([]);
    };

    it('is the one that is tried here', async () => {
      expect(await readPage('docs/reference/environments.md')).toContain(
        MANIFEST,
      );
    });

    it(
      'works by kubectl in a namespace of a team',
      async () => {
        await team.kubectl(['apply', '--filename=-'], MANIFEST);
        const made = await expectWhole(team.namespace, 'pr-1234');
        const table = await team.kubectl(['get', 'env', 'pr-1234']);
        expect(table).toMatch(/NAME +PHASE +URL +EXPIRES +OWNER +AGE/);
        expect(table).toMatch(/pr-1234 +ready +http/);
        await team.kubectl(['delete', 'env', 'pr-1234', '--wait=false']);
        await expectNothing(made, [team.namespace, 'pr-1234']);
      },
      25 * MINUTE,
    );

    it(
      'works by the command, which asks the portal as its form does',
      async () => {
        const { code, stdout, stderr } = await platform(portal, [
          ...['env', 'create', '-f', join(folder, 'preview.yaml')],
        ]);
        expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({
          ...{ code: 0, stderr: '' },
        });
        expect(stdout).toContain('platform env open pr-1234');
        const made = await expectWhole('environments', 'pr-1234');
        expect(
          await platform(portal, ['env', 'delete', 'pr-1234', '--yes']),
        ).toMatchObject({ code: 0 });
        await expectNothing(made, ['environments', 'pr-1234']);
      },
      25 * MINUTE,
    );

    it(
      'works by a pull request that carries it',
      async () => {
        await repository.branch('change');
        await repository.commit('change', {
          'platform/environments/preview.yaml': MANIFEST,
        });
        const { number } = await repository.open('change');
        const told = await repository.untilTold(
          number,
          ['environment: ready'],
          10 * MINUTE,
        );
        const of = /\/environments\/(pr-[\w-]+)\)/.exec(told)?.[1] ?? '';
        const made = await expectWhole('environments', of);
        await repository.close(number);
        await repository.untilTold(number, ['environment: gone'], 5 * MINUTE);
        await expectNothing(made, ['environments', of]);
      },
      40 * MINUTE,
    );
  },
);
