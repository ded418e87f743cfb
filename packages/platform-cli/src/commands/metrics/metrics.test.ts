import { bandsOf2023 } from '@highroad/plugin-metrics-common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answeringPortal } from '../../__testUtils__/answeringPortal';

const range = { from: '2026-06-01', to: '2026-06-30' };
const nothing = { state: 'no-data', why: 'Nothing is connected.' };
const ofRange = {
  ...{ range, onboarding: { state: 'value', part: 1, whole: 4 } },
  ...{ goldenPath: nothing, firstDeployment: nothing, deviations: nothing },
  deflection: nothing,
};

describe('platform metrics', () => {
  let portal: Awaited<ReturnType<typeof answeringPortal>>;
  let folder: string;

  beforeEach(async () => {
    portal = await answeringPortal();
    folder = await mkdtemp(join(tmpdir(), 'highroad-metrics-'));
  });
  afterEach(async () => {
    await portal.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('adoption says each number, or why it is not known', async () => {
    portal.answers.push({
      body: {
        adoption: {
          ...{ ...ofRange, previous: ofRange, example: false },
          nps: nothing,
        },
      },
    });
    const { code, stdout } = await portal.platform(
      ...['metrics', 'adoption', '--days', '30'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/Onboarded services +25 % +About as/);
    expect(stdout).toMatch(/Ticket deflection +no data/);
    expect(portal.asked.at(-1)?.what).toContain('days=30');
  });

  it('adoption takes the first day or how many there are, not both', async () => {
    const { code, stderr } = await portal.platform(
      ...['metrics', 'adoption', '--days', '30', '--from', '2026-06-01'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('--from');
    const { stderr: wrong } = await portal.platform(
      ...['metrics', 'show', '--days', 'many'],
    );
    expect(wrong).toContain('Use a whole number');
  });

  const scope = {
    ...{ range, previous: range, environments: ['production'] },
    ...{ timeZone: 'UTC', incomplete: false, example: false },
  };

  it('show says in what each number is, also how often something is deployed', async () => {
    const value = (of: number) => ({
      state: 'value',
      value: of,
      n: 9,
      beside: [],
    });
    const spread = { ...value(3_600), p75: 7_200, p90: 90_000 };
    portal.answers.push({
      body: {
        ...{ scope, bands: bandsOf2023 },
        keys: [
          {
            ...{ key: 'frequency', unit: 'deployments', previous: nothing },
            ...{ current: value(43), band: 'elite', reading: 'Often.' },
          },
          {
            ...{ key: 'lead-time', unit: 'seconds', previous: value(60) },
            ...{ current: spread, reading: 'Soon.' },
          },
        ],
      },
    });
    const { code, stdout } = await portal.platform('metrics', 'show');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Deployment frequency +43 a week +no data +elite +9$/m,
    );
    expect(stdout).toMatch(/^Lead time for changes +1 h +1 min +9$/m);
    expect(stdout).toContain('Soon.\n  p75 2 h, p90 1 d 1 h\n');
  });

  it('details lists the deployments behind a number, over as many pages as are asked for', async () => {
    const one = (deployment: string) => ({
      ...{ service: 'component:default/cart', environment: 'production' },
      ...{
        deployment,
        version: '1.4.2',
        finishedAt: '2026-06-01T12:00:00.000Z',
      },
      ...{ outcome: 'failed', kind: 'deploy', example: false, counts: true },
      ...{ why: 'It failed itself.', changes: [], changesInAll: 0 },
      incidents: [],
    });
    portal.answers.push(
      { body: { scope, items: [one('d3'), one('d2')], next: '["x"]' } },
      { body: { scope, items: [one('d1')], next: '["y"]' } },
    );
    const { code, stdout } = await portal.platform(
      ...['metrics', 'details', 'change-failure-rate', '--limit', '3'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /2026-06-01T12:00:00Z +cart +1.4.2 +d1 +It failed itself\./,
    );
    expect(stdout).toContain('the first 3; see more with --limit');
    expect(portal.asked.map(({ what }) => what)).toEqual([
      expect.stringMatching(/key=change-failure-rate.*limit=3|limit=3.*key=/),
      expect.stringMatching(/before=\["x"\]/),
    ]);
  });

  it('details says of open failures up to when they are', async () => {
    const headlineOf = async (...more: string[]) => {
      portal.answers.push({ body: { scope, items: [] } });
      const { stdout } = await portal.platform(
        ...['metrics', 'details', 'recovery', ...more],
      );
      return stdout.split('\n')[0];
    };
    expect(await headlineOf('--open')).toBe(
      `Everything in production, up to ${range.to}`,
    );
    expect(portal.asked.at(-1)?.what).toContain('open=true');
    expect(await headlineOf()).toBe(
      `Everything in production, ${range.from} to ${range.to}`,
    );
  });

  it('details lists the incidents behind the time to restore', async () => {
    const incident = {
      ...{ service: 'component:default/cart', environment: 'production' },
      ...{ incident: 'i1', title: 'No carts', example: false, counts: true },
      ...{ detectedAt: '2026-06-01T12:00:00.000Z', restoreSeconds: 7_200 },
      why: 'It was over after 2 h. No deployment is blamed for it.',
    };
    portal.answers.push({ body: { scope, items: [incident] } });
    const { code, stdout } = await portal.platform(
      ...['metrics', 'details', 'incidents'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/cart +No carts +It was over after 2 h/);
    expect(portal.asked.at(-1)?.what).toContain('/v1/incidents');
    const { code: wrong, stderr } = await portal.platform(
      ...['metrics', 'details', 'deploys'],
    );
    expect([wrong, stderr]).toEqual([2, expect.stringContaining('incidents')]);
  });

  it('details lists what took a length of time, and says of other numbers that they are none', async () => {
    portal.answers.push({ body: { scope, items: [] } });
    const { code } = await portal.platform(
      ...['metrics', 'details', 'lead-time'],
      ...['--at-least', '90m', '--below', '7d'],
    );
    expect(code).toBe(0);
    expect(portal.asked.at(-1)?.what).toMatch(
      /v1\/details\?.*atLeast=5400&below=604800/,
    );
    for (const [wrong, said] of [
      [['rework', '--below', '7d'], 'rework is no length of time'],
      [['recovery', '--at-least', 'long'], 'such as 30m, 6h or 7d'],
    ] as const) {
      const refused = await portal.platform('metrics', 'details', ...wrong);
      expect([refused.code, refused.stderr]).toEqual([
        2,
        expect.stringContaining(said),
      ]);
    }
  });

  it('details says which services a number of adoption counts, and why not the others', async () => {
    const cart = {
      ...{ service: 'component:default/cart', counts: false, example: false },
      why: 'It was not made from a template of the platform.',
    };
    portal.answers.push({ body: { scope, items: [cart] } });
    const { code, stdout } = await portal.platform(
      ...['metrics', 'details', 'onboarding', '--counts', 'no'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/· +cart +It was not made from a template/);
    expect(portal.asked.at(-1)?.what).toMatch(
      /v1\/adoption\/details\?.*key=onboarding&counts=false/,
    );
    for (const wrong of [
      ['onboarding', '--env', 'staging'],
      ['recovery', '--counts', 'no'],
      ['rework', '--days', '30', '--open'],
      ['onboarding', '--group', 'a', '--system', 'b'],
      ['onboarding', 'cart', '--group', 'a'],
    ]) {
      const refused = await portal.platform('metrics', 'details', ...wrong);
      expect([refused.code, refused.stderr]).toEqual([
        2,
        expect.stringContaining(
          wrong.find(one => /^--(env|counts|open|group)$/.test(one)) ?? '',
        ),
      ]);
    }
  });

  it('export prints what a number of adoption was taken from', async () => {
    portal.answers.push({ body: {} });
    const { code } = await portal.platform(
      ...['metrics', 'export', '--number', 'deflection', '--days', '30'],
    );
    expect(code).toBe(0);
    expect(portal.asked.at(-1)?.what).toMatch(
      /v1\/export\/adoption\.csv\?days=30&key=deflection/,
    );
  });

  it('import goes on after a line that is not JSON, and says which it was', async () => {
    const file = join(folder, 'events.jsonl');
    const event = { data: { service: 'component:default/cart' } };
    const line = JSON.stringify(event);
    await writeFile(file, `${line}\n\n{\n${line}\n`);
    portal.answers.push({
      body: { accepted: 2, duplicates: 0, quarantined: [] },
    });
    const { code, stdout } = await portal.platform('metrics', 'import', file);
    expect(code).toBe(1);
    expect(stdout).toContain('✔ 2 events are new');
    expect(stdout).toContain('✖ 3: the line is not JSON');
    expect(portal.asked.at(-1)?.body).toEqual({
      ...{ service: 'component:default/cart', events: [event, event] },
    });
  });

  it('import gives rows the environment that is named, and refuses one for lines that say theirs', async () => {
    const table = join(folder, 'deployments.csv');
    await writeFile(
      table,
      'service,deployment,finished_at\ncart,d1,2026-06-01T12:00:00Z\n',
    );
    portal.answers.push({
      body: { accepted: 1, duplicates: 0, quarantined: [] },
    });
    await portal.platform('metrics', 'import', table, '--env', 'staging');
    expect(portal.asked.at(-1)?.body).toMatchObject({
      events: [{ data: { deployment: 'd1', environment: 'staging' } }],
    });
    const lines = join(folder, 'events.jsonl');
    await writeFile(lines, '{}\n');
    const asked = portal.asked.length;
    const { code, stderr } = await portal.platform(
      ...['metrics', 'import', lines, '--env', 'staging'],
    );
    expect(code).toBe(2);
    expect(stderr).toContain('--env is not for lines of events.');
    expect(portal.asked).toHaveLength(asked);
  });

  it('export gives away what is asked for', async () => {
    for (const [args, wanted] of [
      [['--what', 'changes'], /v1\/export\/changes\.csv/],
      [['--what', 'incidents', '--format', 'jsonl'], /incidents\.jsonl/],
      [
        ['--what', 'numbers', '--bucket', 'month'],
        /numbers\.csv.*bucket=month/,
      ],
    ] as const) {
      portal.answers.push({ body: '' });
      const { code } = await portal.platform('metrics', 'export', ...args);
      expect(code).toBe(0);
      expect(portal.asked.at(-1)?.what).toMatch(wanted);
    }
  });

  it('details lists both sides of a share, marked, or one of them', async () => {
    const one = (deployment: string, counts: boolean) => ({
      ...{ service: 'component:default/cart', environment: 'production' },
      ...{ deployment, finishedAt: '2026-06-01T12:00:00.000Z', counts },
      ...{ outcome: 'failed', kind: 'deploy', example: false, why: 'So.' },
      ...{ changes: [], changesInAll: 0, incidents: [] },
    });
    portal.answers.push({
      body: { scope, items: [one('d2', false), one('d1', true)] },
    });
    const { stdout } = await portal.platform(
      ...['metrics', 'details', 'change-failure-rate', '--counts', 'yes'],
    );
    expect(stdout).toMatch(/^· .* d2 /m);
    expect(stdout).toMatch(/^✖ .* d1 /m);
    expect(portal.asked.at(-1)?.what).toContain('counts=true');
  });

  it('quarantine lists what could not be taken, which is tried again or dismissed with a reason', async () => {
    const id = '01932c07-5b1f-7c3e-8a55-0123456789ab';
    portal.answers.push(
      {
        body: {
          items: [
            {
              ...{ id, source: '/ci', reason: 'data.outcome is missing' },
              ...{ payload: '{}', receivedAt: '2026-06-01T12:00:00.000Z' },
              ...{ times: 3, tries: 1 },
            },
          ],
        },
      },
      { body: { accepted: 0, remaining: 1 } },
      { body: { dismissed: 1, remaining: 0 } },
    );
    const { stdout } = await portal.platform('metrics', 'quarantine');
    expect(stdout).toContain(`✖ ${id}  /ci  2026-06-01T12:00:00Z, 3 times`);
    expect(stdout).toContain('data.outcome is missing');
    await portal.platform('metrics', 'replay', id);
    expect(portal.asked.at(-1)).toEqual({
      what: 'POST /api/metrics/v1/quarantine/replay',
      body: { ids: [id] },
    });
    const { code } = await portal.platform(
      ...['metrics', 'dismiss', id, '--reason', 'A test of ours'],
    );
    expect(code).toBe(0);
    expect(portal.asked.at(-1)).toEqual({
      what: 'POST /api/metrics/v1/quarantine/dismiss',
      body: { ids: [id], reason: 'A test of ours' },
    });
  });

  it('surveys says what people say, as far as it is shown', async () => {
    const nps = (score: number, n: number) => ({ score, n, margin: 12.4 });
    portal.answers.push({
      body: {
        current: '2026-Q3',
        quarters: [
          {
            ...{ quarter: '2026-Q2', total: nps(20, 13), responseRate: 0.5 },
            groups: [
              { group: '', nps: nps(40, 5), responseRate: 1 },
              {
                ...{ group: 'group:default/shop', responseRate: 0.41 },
                nps: nps(-10, 8),
              },
            ],
            ...{ leftOut: true, texts: ['Quicker previews'] },
          },
          { quarter: '2026-Q1', groups: [], leftOut: true, texts: [] },
        ],
      },
    });
    const { stdout } = await portal.platform('metrics', 'surveys');
    expect(stdout).toMatch(/^in no group +40 ± 12 +5 +100 %$/m);
    expect(stdout).toMatch(/^shop +-10 ± 12 +8 +41 %$/m);
    expect(stdout).toMatch(/^all that are shown +20 ± 12 +13 +50 %$/m);
    expect(stdout).toContain('fewer than five answers together are left out');
    expect(stdout).toContain('  Quicker previews');
    expect(stdout).toContain('2026-Q1: fewer than five answered');
    expect(stdout).toContain('2026-Q3 goes on');
  });

  it('example takes the example history out, and shows it', async () => {
    portal.answers.push({ body: { removed: 7 } }, { body: { accepted: 9 } });
    const removed = await portal.platform('metrics', 'example', 'remove');
    expect(removed.stdout).toContain('✔ 7 events');
    expect(portal.asked.at(-1)?.what).toBe('DELETE /api/metrics/v1/example');
    const shown = await portal.platform('metrics', 'example', 'show');
    expect(shown.stdout).toContain('✔ 9 events');
    expect(portal.asked.at(-1)?.what).toBe('POST /api/metrics/v1/example');
  });

  it('quarantine lists as many as are asked for, a page at a time', async () => {
    const of = (number: number) => ({
      ...{ id: crypto.randomUUID(), source: '/ci', reason: `wrong ${number}` },
      ...{ payload: '{}', receivedAt: '2026-06-01T12:00:00Z', tries: 1 },
    });
    const page = (from: number, count: number) => ({
      items: Array.from({ length: count }, (_, at) => of(from + at)),
      next: `after-${from + count}`,
    });
    portal.answers.push({ body: page(0, 200) }, { body: page(200, 50) });
    const { stdout } = await portal.platform(
      ...['metrics', 'quarantine', '--limit', '250'],
    );
    expect(stdout).toContain('wrong 249');
    expect(stdout).toContain(
      'These are the newest 250; see more with --limit.',
    );
    expect(portal.asked.slice(-2).map(one => one.what)).toEqual([
      'GET /api/metrics/v1/quarantine?limit=200',
      'GET /api/metrics/v1/quarantine?limit=50&before=after-200',
    ]);
  });

  it('sources says which are silent, and since when', async () => {
    const of = (source: string, more: object) => ({
      ...{ source, events: 9, kinds: [], example: false, ...more },
    });
    portal.answers.push({
      body: {
        items: [
          of('/ci', {
            ...{ state: 'silent', expectedHours: 72 },
            silentSince: '2026-06-01T12:00:00.000Z',
          }),
          of('/git', { state: 'heard' }),
          of('/pagerduty', { state: 'waiting', events: 0 }),
        ],
        ...{ gaps: [], pending: 0, quarantined: 0 },
      },
    });
    // People look for how well it is under either name.
    const { stdout } = await portal.platform('metrics', 'status');
    expect(stdout).toContain(
      '⚠ /ci is silent since 2026-06-01T12:00:00Z, and is expected every 3 d.',
    );
    expect(stdout).toContain('/pagerduty is connected, and nothing came yet.');
    expect(stdout).toContain('metrics-source-stale');
  });

  it('sources says what could not be brought up to date, and that lists go on', async () => {
    const gap = { service: 'component:default/cart', environment: 'prod' };
    portal.answers.push({
      body: {
        ...{ items: [], itemsInAll: 7, pending: 1, quarantined: 0 },
        gaps: [{ ...gap, n: 3, problem: 'No commit' }],
        ...{ gapsInAll: 5, aside: ['component:default/stock'] },
      },
    });
    const { stdout } = await portal.platform('metrics', 'sources', '--limit=1');
    expect(portal.asked.at(-1)?.what).toContain('limit=1');
    expect(stdout).toContain('0 of 7 sources. See more with --limit.');
    expect(stdout).toContain(
      '✖ The numbers of component:default/stock could not be brought up to date.',
    );
    expect(stdout).toContain('docs/runbooks/metrics-recompute.md');
    expect(stdout).toContain('⚠ … and 4 more like these.');
    expect(stdout).toContain('… 1 services and days are being brought');
  });
});
