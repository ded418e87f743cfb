import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readPage } from '../docs/Terminal';
import { guestToken } from '../support/guestToken';
import { platform } from '../support/platform';
import { ROOT, RunningPortal, startPortal } from '../support/portal';
import { until } from '../support/until';

const MINUTE = 60_000;
const PAGE = 'docs/how-to/use-in-a-template.md';
const SERVICE = 'component:default/payment-service';

const taskSchema = z.object({ status: z.string() });
/** What a template has to show stands with its end. */
const eventsSchema = z.array(
  z.object({
    type: z.string(),
    body: z.object({
      output: z
        .object({ links: z.array(z.object({ url: z.string() })) })
        .partial()
        .nullish(),
    }),
  }),
);
const listSchema = z.object({
  items: z.array(
    z.object({ id: z.string(), version: z.string(), reason: z.string() }),
  ),
});

describe('a template of one’s own', () => {
  let portal: RunningPortal;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-templates-'));
    const template = join(folder, 'template.yaml');
    const [, text] = (await readPage(PAGE)).match(/```yaml\n([^]*?)```/) ?? [];
    await writeFile(template, text ?? '');
    const parts = ['Component', 'System', 'API', 'Resource', 'Domain'];
    const locations: Array<[string, string[]]> = [
      [join(ROOT, 'examples/organization.yaml'), [...parts, 'User', 'Group']],
      [template, ['Template']],
    ];
    const config = {
      catalog: {
        locations: locations.map(([target, kinds]) => ({
          ...{ type: 'file', target },
          rules: [{ allow: ['Location', ...kinds] }],
        })),
      },
      platform: {
        create: { imagePrefix: '127.0.0.1:1/shop' },
        // It does not answer: what follows there is not what this is about.
        clusters: [{ name: 'none', url: 'http://127.0.0.1:1', token: 'none' }],
        environments: [{ name: 'staging', cluster: 'none' }],
      },
    };
    portal = await startPortal({ config: JSON.stringify(config) });
  }, 10 * MINUTE);
  afterAll(async () => {
    await portal?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'deploys, and leads to the deployment, as the page about it says',
    async () => {
      const token = await guestToken(portal);
      const ask = async (path: string, body?: object) => {
        const response = await fetch(
          `${portal.backendUrl}/api/scaffolder/v2/${path}`,
          {
            method: body ? 'POST' : 'GET',
            headers: {
              Authorization: `Bearer ${token}`,
              'Content-Type': 'application/json',
            },
            ...(body && { body: JSON.stringify(body) }),
          },
        );
        return { status: response.status, body: await response.json() };
      };
      const values = {
        service: SERVICE,
        version: '1.2.3',
        reason: 'by a form',
      };
      const templateRef = 'template:default/bring-to-staging';
      const { body: begun } = await until(
        async () => {
          const answer = await ask('tasks', { templateRef, values });
          return answer.status === 201 && answer;
        },
        MINUTE,
        () => 'The catalog does not have the template.',
        500,
      );
      const { id } = z.object({ id: z.string() }).parse(begun);
      const task = await until(
        async () => {
          const found = taskSchema.parse((await ask(`tasks/${id}`)).body);
          return ['completed', 'failed'].includes(found.status) && found;
        },
        MINUTE,
        () => 'The template does not end.',
        200,
      );
      const { body: events } = await ask(`tasks/${id}/events`);
      expect({ ...task, events }).toMatchObject({ status: 'completed' });
      const { stdout } = await platform(portal, [
        ...['deployment', 'list', 'payment-service', '--json'],
      ]);
      const { items } = listSchema.parse(JSON.parse(stdout));
      expect(items).toMatchObject([{ version: '1.2.3', reason: 'by a form' }]);
      const end = eventsSchema
        .parse(events)
        .find(({ type }) => type === 'completion');
      expect(end?.body.output?.links?.[0].url).toBe(
        `/deployments/${items[0].id}`,
      );
    },
    4 * MINUTE,
  );
});
