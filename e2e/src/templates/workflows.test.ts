import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeWith, machine } from '../support/require';
import { run } from './support/command';
import { listFiles, readText } from './support/files';
import {
  RENDER_MS,
  renderServices,
  repositoryOf,
  VARIANTS,
} from './support/services';

// Each starts a program or two, on a machine that may be busy.
const WORKFLOW = '.github/workflows/ci.yml';
const workflowSchema = z.object({
  jobs: z.record(
    z.object({
      env: z.record(z.string()).default({}),
      steps: z.array(z.object({ run: z.string().optional() })),
    }),
  ),
});

const workflowOf = (id: string) => readText(repositoryOf(id), WORKFLOW);

/** What actionlint says about a workflow; without the checks for which it needs other programs. */
async function problems(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'highroad-workflow-'));
  try {
    const file = join(folder, 'ci.yml');
    await writeFile(file, text);
    const { code, output } = await run(machine.actionlint ?? '', [
      ...['-oneline', '-no-color', '-shellcheck', '', '-pyflakes', ''],
      file,
    ]);
    if (code !== 0 && output === '') throw new Error(`It ended with ${code}`);
    return output;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describeWith(['actionlint'], 'the workflow', () => {
  beforeAll(renderServices, RENDER_MS);

  describe.each(VARIANTS)('of $id', ({ id, answers }) => {
    it('is the only one and a valid one', async () => {
      expect(
        listFiles(repositoryOf(id)).filter(file => file.startsWith('.github/')),
      ).toEqual([WORKFLOW]);
      expect(await problems(workflowOf(id))).toBe('');
    });

    it('does in one-line calls of make what a person can do', () => {
      const { jobs } = workflowSchema.parse(parse(workflowOf(id)));
      const commands = Object.values(jobs)
        .flatMap(({ steps }) => steps)
        .flatMap(step => step.run ?? []);
      for (const command of commands) {
        expect(command).toMatch(/^make [a-z-]+( [A-Z]+=\w+)?$/);
      }
      expect(new Set(commands.map(command => command.split(' ')[1]))).toEqual(
        new Set([
          ...['setup', 'test', 'test-integration', 'alerts', 'lint', 'build'],
          ...['secrets', 'image', 'sbom', 'deploy'],
        ]),
      );
      expect('DATABASE_URL' in jobs.test.env).toBe(
        answers.database === 'postgres',
      );
    });
  });

  it.each([
    ['an expression of nothing', 'github.ref', 'githib.ref', /githib/],
    [
      'a job that is waited for in vain',
      '[test, lint',
      '[tests, lint',
      /tests/,
    ],
    ['a key of no job', 'timeout-minutes', 'timeout-minute', /timeout-minute/],
  ])('is refused for %s', async (_, right, wrong, problem) => {
    const text = workflowOf(VARIANTS[0].id);
    expect(text).toContain(right);
    expect(await problems(text.replace(right, wrong))).toMatch(problem);
  });
});
