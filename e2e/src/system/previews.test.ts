import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { z } from 'zod';
import { shellBlocks } from '../docs/shellBlocks';
import { readPage, Terminal } from '../docs/Terminal';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { until } from '../support/until';
import { throughIngress } from './support/throughIngress';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const MANIFEST = 'platform/environments/preview.yaml';
const SEED = 'fixtures/demo-data.sql';

/** As pg_dump writes it, with two rows. */
const DUMP = `SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

CREATE TABLE public.demo (
    id integer NOT NULL,
    name text
);

COPY public.demo (id, name) FROM stdin;
1\tone; with a semicolon
2\ttwo
\\.

ALTER TABLE ONLY public.demo
    ADD CONSTRAINT demo_pkey PRIMARY KEY (id);
`;

const contentSchema = z.object({ content: z.string(), sha: z.string() });
const committedSchema = z.object({ commit: z.object({ sha: z.string() }) });
const pullRequestSchema = z.object({ number: z.number() });
const commentsSchema = z.array(z.object({ body: z.string() }));
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
    let number: number;
    let namespace: string;
    let host: string;
    let database: URL;

    beforeAll(async () => {
      portal = await startPortal();
    }, 10 * MINUTE);
    afterAll(() => portal.stop());

    const slug = () => `${sandbox.connection.gitea.organization}/${name}`;
    const ask = (
      method: 'GET' | 'POST' | 'PATCH' | 'PUT',
      path: string,
      body?: object,
    ) => sandbox.askGitHost(method, `repos/${slug()}/${path}`, body);
    /** Writes a file on the branch of the pull request. */
    const commit = async (
      path: string,
      change: (before: string) => string,
    ): Promise<string> => {
      const found = contentSchema.safeParse(
        await ask('GET', `contents/${path}?ref=change`).catch(() => undefined),
      );
      const before = found.success
        ? Buffer.from(found.data.content, 'base64').toString()
        : '';
      const answer = await ask(
        found.success ? 'PUT' : 'POST',
        `contents/${path}`,
        {
          ...(found.success && { sha: found.data.sha }),
          branch: 'change',
          message: `Change ${path}`,
          content: Buffer.from(change(before)).toString('base64'),
        },
      );
      return committedSchema.parse(answer).commit.sha;
    };
    const ours = async () => {
      const comments = commentsSchema.parse(
        await ask('GET', `issues/${number}/comments`),
      );
      return comments.filter(({ body }) =>
        body.includes('Preview environment'),
      );
    };
    const said = (words: string, withinMs: number) =>
      until(
        async () => {
          const [comment] = await ours();
          return comment?.body.includes(words) ? comment.body : undefined;
        },
        withinMs,
        () => `The comment does not say "${words}".`,
        SECOND,
      );
    /** Waits for an answer of its address. The ingress looks for changes once in a second. */
    const untilAnswering = (fits: (status: number) => boolean) =>
      until(
        async () => {
          const { status } = await throughIngress(
            sandbox.connection.ingress,
            host.replace(`.${sandbox.connection.ingress.domain}`, ''),
            '/readyz',
          );
          return fits(status) || undefined;
        },
        30 * SECOND,
        () => `${host} does not answer as it should.`,
        SECOND,
      );
    const rows = async () => {
      const client = new Client({ connectionString: database.toString() });
      await client.connect();
      try {
        const found = await client.query<{ name: string }>(
          'SELECT name FROM public.demo ORDER BY id',
        );
        return found.rows.map(row => row.name);
      } finally {
        await client.end();
      }
    };

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
        await ask('POST', 'branches', {
          ...{ new_branch_name: 'change', old_branch_name: 'main' },
        });
        await commit(SEED, () => DUMP);
        await commit(MANIFEST, text =>
          text.replace(
            '- type: postgres',
            `- type: postgres\n      seed: ${SEED}`,
          ),
        );
        ({ number } = pullRequestSchema.parse(
          await ask('POST', 'pulls', {
            ...{ head: 'change', base: 'main', title: 'Change it' },
          }),
        ));
        const body = await said('environment: ready', 10 * MINUTE);
        const address = /<(http:\/\/[^>]+)>/.exec(body)?.[1];
        host = new URL(String(address)).hostname;
        await untilAnswering(status => status === 200);
        const { stdout } = await platform(portal, ['env', 'list', '--json']);
        const found = listSchema
          .parse(JSON.parse(stdout))
          .items.find(one => one.name.includes(name));
        expect(found).toMatchObject({ phase: 'ready' });
        namespace = `env-${found?.name}`;
        const { kubectl } = await sandbox.cluster();
        const encoded = await kubectl([
          ...['get', 'secret', 'database-main', `--namespace=${namespace}`],
          '--output=jsonpath={.data.DATABASE_URL}',
        ]);
        database = new URL(Buffer.from(encoded, 'base64').toString());
        expect(await rows()).toEqual(['one; with a semicolon', 'two']);
      },
      14 * MINUTE,
    );

    it(
      'follows the next commit in place, without seeding again',
      async () => {
        const before = new Client({ connectionString: database.toString() });
        await before.connect();
        await before.query("UPDATE public.demo SET name = 'mine' WHERE id = 2");
        await before.end();
        const sha = await commit('README.md', text => `${text}\nMore.\n`);
        await said(sha.slice(0, 7), MINUTE);
        await until(
          async () => {
            const [comment] = await ours();
            const { body } = comment;
            return (
              (body.includes(sha.slice(0, 7)) &&
                body.includes('environment: ready')) ||
              undefined
            );
          },
          10 * MINUTE,
          () => 'It is not ready at the new commit.',
          SECOND,
        );
        const { kubectl } = await sandbox.cluster();
        const images = await kubectl([
          ...['get', 'deployments', `--namespace=${namespace}`],
          '--output=jsonpath={..image}',
        ]);
        expect(images).toContain(sha);
        expect(await rows()).toEqual(['one; with a semicolon', 'mine']);
        expect(await ours()).toHaveLength(1);
      },
      12 * MINUTE,
    );

    it(
      'is made by hand as the quick-start says',
      async () => {
        const page = await readPage('docs/quick-starts/environments.md');
        const blocks = shellBlocks(page);
        expect(blocks.length).toBeGreaterThan(3);
        const terminal = await Terminal.open(portal);
        try {
          for (const { line, commands } of blocks) {
            const { code, output } = await terminal.run(
              commands
                .replaceAll('my-service', name)
                .replaceAll('try-it', `try-${name}`),
            );
            expect({ line, code, output }).toEqual({ line, code: 0, output });
          }
        } finally {
          await terminal.close();
        }
      },
      10 * MINUTE,
    );

    it(
      'leaves nothing but the comment when the pull request is closed',
      async () => {
        await ask('PATCH', `pulls/${number}`, { state: 'closed' });
        await said('environment: gone', 2 * MINUTE);
        const { kubectl } = await sandbox.cluster();
        const namespaces = await kubectl(['get', 'namespaces', '-o', 'name']);
        expect(namespaces).not.toContain(namespace);
        await expect(rows()).rejects.toThrow(/does not exist|authentication/);
        await untilAnswering(status => status !== 200);
        expect(await ours()).toHaveLength(1);
      },
      4 * MINUTE,
    );
  },
);
