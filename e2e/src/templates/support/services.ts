import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersFor } from './answers';
import { Combination, COMBINATIONS, DELIVERIES, nameOf } from './combinations';
import { inTurns } from '../../support/inTurns';
import { GITEA, GITHUB, startScaffolder } from './scaffolder';
import { readTemplateFolder, SERVICE_TEMPLATE } from './templateFolder';
import { writeRepository } from './repository';

interface Variant {
  id: string;
  combination: Combination;
  answers: Record<string, unknown>;
  /** What splits the traffic of canaries, where something does */
  canaryRouter?: 'nginx';
}

const OF_EACH_TYPE: Combination[] = [
  { type: 'api', language: 'go', database: 'none' },
  { type: 'worker', language: 'go', database: 'none' },
  { type: 'web', language: 'typescript', database: 'none' },
];

/**
 * What is rendered for the tests: every combination with rolling and canary delivery, one of each type with the other ways
 * of shifting traffic, and one service at each kind of Git host.
 */
export const VARIANTS: Variant[] = [
  ...COMBINATIONS.flatMap(combination =>
    DELIVERIES.map(delivery => ({
      id: `${nameOf(combination)}.${delivery}`,
      combination,
      answers: answersFor(combination, { delivery }),
    })),
  ),
  ...OF_EACH_TYPE.flatMap((combination): Variant[] => [
    {
      id: `${nameOf(combination)}.blue-green`,
      combination,
      answers: answersFor(combination, { delivery: 'blue-green' }),
    },
    {
      id: `${nameOf(combination)}.canary-by-weight`,
      combination,
      answers: answersFor(combination, { delivery: 'canary' }),
      canaryRouter: 'nginx',
    },
  ]),
  ...[GITHUB, GITEA].map(gitHost => ({
    id: `go-api-postgres.${gitHost}`,
    combination: {
      type: 'api',
      language: 'go',
      database: 'postgres',
    } satisfies Combination,
    answers: answersFor(
      { type: 'api', language: 'go', database: 'postgres' },
      { gitHost },
    ),
  })),
];

const PREFIX = 'highroad-rendered-';

/** Test files that run in one process share what was rendered; another run renders for itself. */
const HOME = join(
  tmpdir(),
  `${PREFIX}${process.pid}-${Math.round(performance.timeOrigin)}`,
);

/** The repository of a variant. Tests share it; what changes it takes a copy. */
export function repositoryOf(id: string): string {
  return join(HOME, id);
}

/** The repository of a combination with rolling delivery. */
export function serviceOf(combination: Combination): string {
  return repositoryOf(`${nameOf(combination)}.rolling`);
}

/** How long rendering all may take, on a busy machine, in milliseconds. */
export const RENDER_MS = 180_000;

/** Renders all variants through the scaffolder, unless a test file before did. */
export async function renderServices(): Promise<void> {
  if (existsSync(HOME)) return;
  await removeThoseOfEndedRuns();
  const building = `${HOME}.building`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });

  const template = await readTemplateFolder(SERVICE_TEMPLATE);
  for (const canaryRouter of [undefined, 'nginx'] as const) {
    const scaffolder = await startScaffolder({
      ...(canaryRouter && { canaryRouter }),
    });
    const variants = VARIANTS.filter(one => one.canaryRouter === canaryRouter);
    try {
      await inTurns(4, variants, async ({ id, answers }) => {
        const files = await scaffolder.render(template, answers);
        await writeRepository(join(building, id), files);
      });
    } finally {
      await scaffolder.stop();
    }
  }
  await rename(building, HOME);
}

async function removeThoseOfEndedRuns(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(entry)?.[1];
    if (pid && !isRunning(Number(pid))) {
      await rm(join(tmpdir(), entry), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, only not ours to signal.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
