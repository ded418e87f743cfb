import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answeringPortal } from '../../__testUtils__/answeringPortal';

jest.setTimeout(120_000);

const range = { from: '2026-06-01', to: '2026-06-30' };
const nothing = { state: 'no-data', why: 'Nothing is connected.' };
const ofRange = {
  ...{ range, onboarding: { state: 'value', part: 1, whole: 4 } },
  ...{ goldenPath: nothing, firstDeployment: nothing, deviations: nothing },
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
          deflection: nothing,
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
    expect(wrong).toContain('Say a whole number');
  });

  it('import takes what stands before a line that is not JSON, and says so', async () => {
    const file = join(folder, 'events.jsonl');
    const event = { data: { service: 'component:default/cart' } };
    await writeFile(file, `${JSON.stringify(event)}\n{`);
    portal.answers.push({
      body: { accepted: 1, duplicates: 0, quarantined: [] },
    });
    const { code, stderr } = await portal.platform('metrics', 'import', file);
    expect(code).toBe(2);
    expect(stderr).toContain('Line 2');
    expect(stderr).toContain('Lines before it were taken');
    expect(portal.asked.at(-1)?.body).toEqual({
      ...{ service: 'component:default/cart', events: [event] },
    });
  });
});
