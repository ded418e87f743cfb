import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { shellBlocks } from '../docs/shellBlocks';
import { readPage, Terminal } from '../docs/Terminal';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import {
  askAt,
  databaseOf,
  DUMP,
  dumpOfService,
  leftOf,
  query,
  SEED,
  SEEDED,
  seededRows,
  untilAnswering,
} from './support/preview';
import { ServiceRepository } from '../support/ServiceRepository';

const MINUTE = 60_000;
const ITEM = 'seeded by the dump';
const MANIFEST = 'platform/environments/preview.yaml';
/** As the quick-start has it */
const PAGE_OF_PULL_REQUEST =
  'http://127.0.0.1:13000/highroad/my-service/pulls/1';

const listSchema = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      namespace: z.string().optional(),
      phase: z.string(),
    }),
  ),
});

/** From an opened pull request to a seeded preview that answers, and back to nothing: every part is the real one. */
describeWithSandbox(
  'The preview of a pull request',
  ['real-node', 'registry', 'git-host', 'postgres'],
  sandbox => {
    const name = `view-${randomBytes(3).toString('hex')}`;
    let portal: RunningPortal;
    let repository: ServiceRepository;
    let number: number;
    let page: string;
    let namespace: string;
    let address: string;
    let database: URL;
    /** What the service says that it has, at the address in the comment */
    const itemsThere = () => askAt(sandbox.connection, address, '/v1/items');

    beforeAll(async () => {
      portal = await startPortal();
      repository = ServiceRepository.ofService(sandbox, name);
    }, 10 * MINUTE);
    afterAll(() => portal.stop());

    it(
      'is there, seeded, moments after its image is built, and one comment says where',
      async () => {
        const { code, stderr } = await platform(portal, [
          ...['service', 'create', name, '--type', 'api', '--language', 'go'],
          ...['--database', 'postgres', '--json'],
        ]);
        expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({
          ...{ code: 0, stderr: '' },
        });
        await repository.branch('change');
        const manifest = await repository.read(MANIFEST);
        await repository.commit('change', {
          [SEED]: `${DUMP}${dumpOfService(ITEM)}`,
          [MANIFEST]: manifest.replace(
            '- type: postgres',
            `- type: postgres\n      seed: ${SEED}`,
          ),
        });
        ({ number, url: page } = await repository.open('change'));
        const body = await repository.untilTold(
          number,
          ['environment: ready'],
          10 * MINUTE,
        );
        address = String(/<(http:\/\/[^>]+)>/.exec(body)?.[1]);
        await untilAnswering(sandbox, address, status => status === 200);
        expect(await itemsThere()).toMatchObject({
          status: 200,
          body: expect.stringContaining(ITEM),
        });
        const { stdout } = await platform(portal, ['env', 'list', '--json']);
        const found = listSchema
          .parse(JSON.parse(stdout))
          .items.find(one => one.name.includes(name));
        expect(found).toMatchObject({ phase: 'ready' });
        namespace = `env-${found?.name}`;
        database = await databaseOf(sandbox, namespace);
        expect(await seededRows(database)).toEqual(SEEDED);
        expect(await leftOf(sandbox, database)).toHaveLength(2);
      },
      20 * MINUTE,
    );

    it(
      'follows the next commit in place, without seeding again',
      async () => {
        await query(
          database,
          "UPDATE public.demo SET name = 'mine' WHERE id = 2",
        );
        const readme = await repository.read('README.md', 'change');
        const sha = await repository.commit('change', {
          'README.md': `${readme}\nMore.\n`,
        });
        await repository.untilTold(number, [sha.slice(0, 7)], 5 * MINUTE);
        await repository.untilTold(
          number,
          [sha.slice(0, 7), 'environment: ready'],
          10 * MINUTE,
        );
        const { kubectl } = await sandbox.cluster();
        const images = await kubectl([
          ...['get', 'deployments', `--namespace=${namespace}`],
          '--output=jsonpath={..image}',
        ]);
        expect(images).toContain(sha);
        expect(await seededRows(database)).toEqual([SEEDED[0], 'mine']);
        expect((await itemsThere()).body).toContain(ITEM);
        expect(await repository.told(number)).toHaveLength(1);
      },
      20 * MINUTE,
    );

    it(
      'is made by hand as the quick-start says',
      async () => {
        const blocks = shellBlocks(
          await readPage('docs/quick-starts/environments.md'),
        );
        expect(blocks.length).toBeGreaterThan(3);
        const terminal = await Terminal.open(portal);
        try {
          for (const { line, commands } of blocks) {
            const { code, output } = await terminal.run(
              commands
                .replaceAll(PAGE_OF_PULL_REQUEST, page)
                .replaceAll('my-service', name)
                .replaceAll('try-it', `try-${name}`),
            );
            expect({ line, code, output }).toEqual({ line, code: 0, output });
          }
        } finally {
          await terminal.close();
        }
      },
      20 * MINUTE,
    );

    it(
      'leaves nothing but the comment when the pull request is closed',
      async () => {
        await repository.close(number);
        await repository.untilTold(number, ['environment: gone'], 5 * MINUTE);
        const { kubectl } = await sandbox.cluster();
        const namespaces = await kubectl(['get', 'namespaces', '-o', 'name']);
        expect(namespaces).not.toContain(namespace);
        expect(await leftOf(sandbox, database)).toEqual([]);
        await untilAnswering(sandbox, address, status => status !== 200);
        expect(await repository.told(number)).toHaveLength(1);
      },
      20 * MINUTE,
    );
  },
);
