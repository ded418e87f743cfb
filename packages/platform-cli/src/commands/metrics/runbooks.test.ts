import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Answer, answeringPortal } from '../../__testUtils__/answeringPortal';
import { metricsCommands } from './index';

const ID = '00000000-0000-4000-8000-000000000001';
const EVENTS = 'events.jsonl';
/** Each command, and the page that is about what it asks for. */
const commands: Array<[string[], string]> = [
  [['show'], 'metrics-numbers'],
  [['details', 'lead-time'], 'metrics-numbers'],
  [['adoption'], 'metrics-numbers'],
  [['export'], 'metrics-numbers'],
  [['surveys'], 'metrics-survey'],
  [['import', EVENTS], 'metrics-quarantine'],
  [['quarantine'], 'metrics-quarantine'],
  [['replay'], 'metrics-quarantine'],
  [['dismiss', ID, '--reason', 'a test'], 'metrics-quarantine'],
  [['sources'], 'metrics-source-stale'],
  [['recompute'], 'metrics-recompute'],
  [['example', 'show'], 'metrics-example'],
];
const refused = (status: number, name: string, message: string): Answer => ({
  status,
  body: { error: { name, message }, response: { statusCode: status } },
});

describe('an error of platform metrics', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;
  let directory: string;
  beforeEach(async () => {
    portal = await answeringPortal();
    directory = await mkdtemp(join(tmpdir(), 'metrics-'));
    await writeFile(
      join(directory, EVENTS),
      '{"data":{"service":"component:default/cart"}}',
    );
  });
  afterEach(async () => {
    await portal.close();
    await rm(directory, { recursive: true });
  });

  it('leads to a page that there is, whichever command it is', async () => {
    const named = commands.map(([argv]) => argv[0]);
    expect(named).toEqual(metricsCommands.map(({ path }) => path[1]));
    for (const { path, runbook } of metricsCommands) {
      expect([path, runbook]).toEqual([path, expect.any(String)]);
      await access(
        resolve(__dirname, '../../../../../docs/runbooks', `${runbook}.md`),
      );
    }
  });

  it.each(commands)('of %j leads to %s where it is refused', async (...one) => {
    const [argv, page] = one;
    const args = argv.map(word =>
      word === EVENTS ? join(directory, word) : word,
    );
    for (const [answer, expected] of [
      [refused(400, 'InputError', 'The range is longer than it may be.'), page],
      [refused(404, 'NotFoundError', 'There is no group:x.'), page],
      [
        refused(503, 'ServiceUnavailableError', 'Not yet.'),
        'platform-does-not-answer',
      ],
    ] as const) {
      portal.routes.set('/metrics/', answer);
      const { code, stderr } = await portal.platform('metrics', ...args);
      expect([stderr, code === 0]).toEqual([stderr, false]);
      expect(stderr).toContain(`Runbook: docs/runbooks/${expected}.md`);
    }
  });

  it('that the command finds itself leads there too', async () => {
    for (const [argv, page] of [
      [['import', '/nowhere/at/all.csv'], 'metrics-quarantine'],
      [['import', __dirname], 'metrics-quarantine'],
    ] as const) {
      const { code, stderr } = await portal.platform('metrics', ...argv);
      expect(code).toBeGreaterThan(0);
      expect(stderr).toContain(`Runbook: docs/runbooks/${page}.md`);
    }
  });
});
